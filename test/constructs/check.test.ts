import { Duration } from 'cdk8s';
import { Check } from '../../lib/index.js';
import { failure, find, synthesiseApp } from './bench.js';

const hooksOf = (checks: Check[], platform = {}) =>
  find(synthesiseApp({ checks }, platform), 'Canary', 'web').spec.analysis.webhooks;

describe('Check', () => {
  test('an acceptance test is told where the new version answers', () => {
    const command = ({ canaryUrl }: { canaryUrl: string }) =>
      `curl -sd 'test' ${canaryUrl}/token | grep token`;
    expect(hooksOf([Check.acceptance({ command })])).toEqual([
      {
        name: 'acceptance-test',
        type: 'pre-rollout',
        url: 'http://perch-loadtester.perch-system/',
        timeout: '30s',
        metadata: { type: 'bash', cmd: "curl -sd 'test' http://web-canary.shop/token | grep token" },
      },
    ]);
  });

  test('a load test takes length, rate, workers and path', () => {
    const [hook] = hooksOf([
      Check.load({
        ...{ duration: Duration.minutes(2), requestsPerSecond: 5, workers: 3, path: '/a?b=c&d' },
        logOutput: true,
      }),
    ]);
    expect(hook.metadata).toEqual({
      type: 'load',
      url: 'http://ingress-nginx-controller.ingress-nginx/a?b=c&d',
      host: 'web.example.com',
      rate: '15',
      connections: '3',
      duration: '2m',
      logCmdOutput: 'true',
    });
  });

  test("the tutorials' load test is taken as it is", () => {
    const command = 'hey -z 1m -q 10 -c 2 http://web.example.com/';
    expect(hooksOf([Check.load({ command })])[0].metadata.cmd).toBe(command);
  });

  test("the tutorials' acceptance test is taken as it is where the load tester is in the same namespace", () => {
    const command = "curl -sd 'test' http://web-canary/token | grep token";
    const [hook] = hooksOf([Check.acceptance({ command })], { loadTester: { namespace: 'shop' } });
    expect(hook).toMatchObject({ url: 'http://perch-loadtester.shop/', metadata: { cmd: command } });
  });

  test('every type of hook can be said', () => {
    const url = 'http://hooks.example.com/';
    const hooks = hooksOf([
      Check.confirmRollout(),
      Check.preRollout({ url }),
      Check.rollout({ url, retries: 2, disableTls: true }),
      Check.confirmTrafficIncrease({ muteAlert: true }),
      Check.confirmPromotion({ url, timeout: Duration.seconds(3), metadata: { team: 'shop' } }),
      Check.rollback(),
      Check.postRollout({ url }),
      Check.event({ url, name: 'audit' }),
    ]);
    const tester = 'http://perch-loadtester.perch-system';
    expect(hooks).toEqual([
      { name: 'confirm-rollout', type: 'confirm-rollout', url: `${tester}/gate/check` },
      { name: 'pre-rollout', type: 'pre-rollout', url },
      { name: 'rollout', type: 'rollout', url, retries: 2, disableTLS: true },
      {
        name: 'confirm-traffic-increase',
        type: 'confirm-traffic-increase',
        url: `${tester}/gate/check`,
        muteAlert: true,
      },
      {
        name: 'confirm-promotion',
        type: 'confirm-promotion',
        url,
        timeout: '3s',
        metadata: { team: 'shop' },
      },
      { name: 'rollback', type: 'rollback', url: `${tester}/rollback/check` },
      { name: 'post-rollout', type: 'post-rollout', url },
      { name: 'audit', type: 'event', url },
    ]);
  });

  test('without a load tester there is no load test unless one is asked for', () => {
    const { analysis } = find(synthesiseApp({}, { loadTester: false }), 'Canary', 'web').spec;
    expect(analysis).not.toHaveProperty('webhooks');
    const error = failure(() => hooksOf([Check.load()], { loadTester: false }));
    expect(error).toMatchObject({ code: 'CONSTRUCT_LOADTESTER_MISSING', path: 'chart/web/release' });
  });

  test('a load test of another host is refused, with both', () => {
    const error = failure(() => hooksOf([Check.load({ command: 'hey -z 1m http://wbe.example.com/' })]));
    expect(error).toMatchObject({ code: 'CONSTRUCT_HOST_MISMATCH', path: 'chart/web/release' });
    expect(error.message).toBe(
      'check load-test: expected its requests to go to web.example.com, got wbe.example.com',
    );
  });

  test('a load test with another Host header is refused', () => {
    const command = 'hey -z 1m -host wbe.example.com http://ingress-nginx-controller.ingress-nginx/';
    expect(failure(() => hooksOf([Check.load({ command })])).code).toBe('CONSTRUCT_HOST_MISMATCH');
  });

  test('a further host may be named', () => {
    const command = 'hey -z 1m http://cdn.example.com/';
    expect(hooksOf([Check.load({ command, hosts: ['cdn.example.com'] })])).toHaveLength(1);
  });

  test('a Service of another namespace is refused in every command', () => {
    const command = 'curl http://web-canary.test/';
    const error = failure(() => hooksOf([Check.acceptance({ command })]));
    expect(error.code).toBe('CONSTRUCT_HOST_MISMATCH');
    expect(error.message).toContain('web-canary.shop');
  });

  test('a Service name that is unknown where the command runs is refused', () => {
    const error = failure(() => hooksOf([Check.acceptance({ command: 'curl http://web-canary/' })]));
    expect(error.code).toBe('CONSTRUCT_SHORT_SERVICE_NAME');
    expect(error.remedy).toContain('web-canary.shop');
  });

  test.each([
    ['no workers', { workers: 0 }],
    ['no requests', { requestsPerSecond: 0 }],
  ])('a load test of %s is refused', (_what, props) => {
    expect(failure(() => hooksOf([Check.load(props)])).code).toBe('CONSTRUCT_OUT_OF_RANGE');
  });
});
