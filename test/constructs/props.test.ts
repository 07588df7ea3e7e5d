import type { Canary } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import {
  Alert,
  CanaryApp,
  type CanaryAppProps,
  CanaryPlatform,
  type CanaryPlatformProps,
  CanaryRelease,
  Check,
  Match,
  Metric,
  Metrics,
  Probe,
  Routing,
  Strategy,
} from '../../lib/index.js';
import { createChart, failure, synthesiseApp } from './bench.js';

/** What a program that no compiler has seen may write. */
const loose = <T>(props: unknown) => props as T;
const app = (props: object, platform: object = {}) =>
  failure(() => synthesiseApp(loose<CanaryAppProps>(props), loose<CanaryPlatformProps>(platform)));

describe('a misspelt prop is refused, with what was probably meant', () => {
  test.each<[string, () => unknown, string, string]>([
    ['CanaryApp', () => synthesiseApp(loose({ hots: 'x' })), 'chart/web', 'host'],
    ['CanaryPlatform', () => synthesiseApp({}, loose({ routin: 1 })), 'chart/platform', 'routing'],
    [
      'controller',
      () => synthesiseApp({}, loose({ controller: { replica: 2 } })),
      'chart/platform',
      'replicas',
    ],
    [
      'loadTester',
      () => synthesiseApp({}, loose({ loadTester: { program: [] } })),
      'chart/platform',
      'programs',
    ],
    ['Strategy', () => Strategy.canary(loose({ stepWeigth: 10 })), 'Strategy.canary', 'stepWeight'],
    ['Metric', () => Metric.successRate(loose({ mn: 99 })), 'Metric.successRate', 'min'],
    ['Check', () => Check.load(loose({ worker: 1 })), 'Check.load', 'workers'],
    ['Alert', () => Alert.slack(loose({ chanel: 'x' })), 'Alert.slack', 'channel'],
    ['Probe', () => Probe.tcp(loose({ periods: 1 })), 'Probe.tcp', 'period'],
    ['Routing', () => Routing.istio(loose({ gateway: [] })), 'Routing.istio', 'gateways'],
    ['Metrics', () => Metrics.prometheus(loose({ images: 'x' })), 'Metrics.prometheus', 'image'],
    ['Match', () => Match.header('x', loose({ exct: 'y' })), 'Match.header', 'exact'],
  ])('of %s', (_what, action, path, meant) => {
    expect(failure(action)).toMatchObject({
      code: 'CONSTRUCT_OPTION_UNKNOWN',
      path,
      remedy: `write ${meant}`,
    });
  });

  test('and one that means nothing is to be left out', () => {
    const error = failure(() => Check.load(loose({ foo: 1 })));
    expect(error.message).toBe(
      'expected one of duration, requestsPerSecond, workers, path, command, hosts, name, logOutput, got foo',
    );
    expect(error.remedy).toBe('leave out foo');
  });
});

describe('a value of another kind is refused, with how it is written', () => {
  const duration = 'expected a Duration, got';
  test.each<[string, () => unknown, string]>([
    ['a number for a time', () => Strategy.canary(loose({ interval: 30 })), `interval: ${duration} 30`],
    ['a text for a time', () => Strategy.canary(loose({ interval: '30s' })), `interval: ${duration} "30s"`],
    ['a number of ms', () => Metric.duration(loose({ max: 500 })), `max: ${duration} 500`],
    [
      'no image',
      () => synthesiseApp(loose({ image: undefined })),
      'image: expected a text that is not empty, got nothing',
    ],
    [
      'an empty image',
      () => synthesiseApp({ image: '' }),
      'image: expected a text that is not empty, got ""',
    ],
    [
      'a cookie without a name',
      () => Strategy.canary({ sessionAffinity: { cookieName: '' } }),
      'sessionAffinity.cookieName: expected a text that is not empty, got ""',
    ],
    ['a port in quotes', () => synthesiseApp(loose({ port: '80' })), 'port: expected a number, got "80"'],
    [
      'no platform',
      () => synthesiseApp(loose({ platform: undefined })),
      'platform: expected a CanaryPlatform, got nothing',
    ],
    [
      'an alert without its URL',
      () => Alert.slack(loose({})),
      'webhookUrl: expected an object with secretName, key, got nothing',
    ],
    [
      'props that are no object',
      () => Alert.teams(loose(undefined)),
      'expected an object with webhookUrl, proxy, level, name, got nothing',
    ],
    [
      'a word that is none',
      () => Alert.slack({ webhookUrl: { secretName: 's' }, level: loose('all') }),
      'level: expected info or warn or error, got "all"',
    ],
    [
      'a strategy in words',
      () => synthesiseApp(loose({ strategy: 'canary' })),
      'strategy: expected a Strategy, got "canary"',
    ],
    [
      'a metric as it stands in YAML',
      () => synthesiseApp(loose({ metrics: [{ name: 'a' }] })),
      'metrics: expected a list, each item a Metric, got a list of 1',
    ],
    [
      'a gateway that is not in a list',
      () => Routing.istio(loose({ gateways: 'a/b' })),
      'gateways: expected a list of texts, got "a/b"',
    ],
    [
      'a number as an environment variable',
      () => synthesiseApp(loose({ env: { PORT: 80 } })),
      'env.PORT: expected a text or a SecretKey, got 80',
    ],
  ])('%s', (_what, action, message) => {
    const error = failure(action);
    expect(error).toMatchObject({ code: 'CONSTRUCT_VALUE_REFUSED', message });
    expect(error.path).toMatch(/^(chart\/web|[A-Z]\w+\.\w+)$/);
    expect(error.remedy).not.toBe('');
  });

  test('a time is told with its unit', () => {
    expect(failure(() => Strategy.canary(loose({ interval: 30 }))).remedy).toContain('Duration.seconds(30)');
  });

  test('a CanaryRelease without a platform', () => {
    const error = failure(() => new CanaryRelease(createChart(), 'web', loose({ deployment: 'web' })));
    expect(error).toMatchObject({ code: 'CONSTRUCT_VALUE_REFUSED', path: 'chart/web' });
  });
});

describe('a value out of its range is refused', () => {
  test.each<[string, object, string]>([
    [
      'a scrape port of 0',
      { scrape: { port: 0 } },
      'scrape.port: expected a whole number from 1 to 65535, got 0',
    ],
    [
      'a probe that nothing can fail',
      { readiness: Probe.http('/ready', { failureThreshold: 0 }) },
      'failureThreshold of a probe: expected a whole number of at least 1, got 0',
    ],
    [
      'tries that are fewer than none',
      { checks: [Check.preRollout({ url: 'http://a.example.com', retries: -1 })] },
      'retries of check pre-rollout: expected a whole number of at least 0, got -1',
    ],
  ])('%s', (_what, props, message) => {
    expect(app(props)).toMatchObject({ code: 'CONSTRUCT_OUT_OF_RANGE', message });
  });

  test.each([
    ['an application', { namespace: 'Te_st' }, {}, 'chart/web'],
    ['a platform', {}, { namespace: 'Te_st' }, 'chart/platform'],
    ['a load tester', {}, { loadTester: { namespace: 'Te_st' } }, 'chart/platform'],
    ['a router', {}, { routing: Routing.ingressNginx({ namespace: 'Te_st' }) }, 'chart/platform'],
  ])('a namespace that no cluster has, of %s', (_what, props, platform, path) => {
    expect(app(props, platform)).toMatchObject({
      code: 'CONSTRUCT_NAMESPACE',
      path,
      message: 'namespace: expected lower-case letters, digits and dashes, at most 63 of them, got "Te_st"',
    });
  });

  test.each([
    ['of the controller', { controller: { replicas: 0 } }, 'controller'],
    ['of ingress-nginx', { routing: Routing.ingressNginx({ replicas: 0 }) }, 'router'],
    ['of Envoy', { routing: Routing.gatewayApi({ contour: { replicas: 0 } }) }, 'gateway'],
  ])('no pods %s', (_what, platform, part) => {
    expect(app({}, platform)).toMatchObject({
      code: 'CONSTRUCT_OUT_OF_RANGE',
      path: `chart/platform/${part}`,
      message: 'replicas: expected a whole number of at least 1, got 0',
    });
  });
});

test('props of a class that extends a construct may be more than its own, and change nothing', () => {
  const chart = createChart();
  const platform = new CanaryPlatform(chart, 'platform');
  const props = { platform, image: 'a:1', port: 80, host: 'a.example.com', deployment: 'other' };
  new CanaryApp(chart, 'web', props);
  const canary = (chart.toJson() as KubeObject[]).find(({ kind }) => kind === 'Canary') as Canary | undefined;
  expect(canary?.spec.targetRef.name).toBe('web');
});
