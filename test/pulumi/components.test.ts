import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import {
  CanaryApp,
  CanaryPlatform,
  CanaryRelease,
  Check,
  Match,
  Metric,
  Metrics,
  Routing,
  Strategy,
} from '../../lib/pulumi/index.js';
import { mockPulumi, outcomeOf, type Registered } from './program.js';

const { registered, settled } = mockPulumi();
beforeEach(() => {
  registered.length = 0;
});

const props = { image: 'podinfo:6.9.0', port: 9898, host: 'app.example.com', namespace: 'test', wait: false };
const find = (kind: string, name: string): Registered =>
  registered.find(({ object }) => object.kind === kind && object.metadata.name === name)!;

async function application(args: Partial<ConstructorParameters<typeof CanaryApp>[1]> = {}) {
  const platform = args.platform ?? new CanaryPlatform('platform');
  const app = new CanaryApp('podinfo', { ...props, ...args, platform });
  await settled([...platform.resources, ...app.resources]);
  return app;
}

test('every object is of its class in the SDK, and custom ones are custom resources', async () => {
  await application();
  expect(find('Deployment', 'podinfo').type).toBe('kubernetes:apps/v1:Deployment');
  expect(find('Ingress', 'podinfo').type).toBe('kubernetes:networking.k8s.io/v1:Ingress');
  expect(find('Namespace', 'test').type).toBe('kubernetes:core/v1:Namespace');
  expect(find('Canary', 'podinfo').type).toBe('kubernetes:flagger.app/v1beta1:Canary');
});

test('names say which component and which part of it', async () => {
  await application();
  expect(find('Deployment', 'podinfo').name).toBe('podinfo-podinfo-deployment');
  expect(find('Deployment', 'perch-controller').name).toBe('platform-platform-controller-deployment');
});

test('an Output of another resource flows through, alone and within a text', async () => {
  const digest = pulumi.output(Promise.resolve('podinfo@sha256:abc'));
  await application({ image: digest, env: { GREETING: pulumi.interpolate`hello ${digest}` } });
  const { template } = find('Deployment', 'podinfo').object.spec as unknown as {
    template: { spec: { containers: { image: string; env: object[] }[] } };
  };
  expect(template.spec.containers[0]).toMatchObject({
    image: 'podinfo@sha256:abc',
    env: [{ name: 'GREETING', value: 'hello podinfo@sha256:abc' }],
  });
});

test('the name of a header or parameter that is known later is there, as it would be had it been known', async () => {
  const name = (text: string) => pulumi.output(Promise.resolve(text));
  const value = { exact: name('yes') };
  const match = [
    Match.all(
      Match.header(name('X-Insider'), value),
      Match.header('X-Beta', value),
      Match.queryParameter(pulumi.interpolate`${name('Preview')}-of`, value),
    ),
  ];
  const strategy = Strategy.abTest({ interval: Duration.seconds(10), threshold: 2, iterations: 5, match });
  const platform = new CanaryPlatform('platform', { routing: Routing.gatewayApi() });
  await application({ strategy, platform });
  expect(find('Canary', 'podinfo').object.spec).toMatchObject({
    analysis: {
      match: [
        {
          headers: { 'x-insider': { exact: 'yes' }, 'x-beta': { exact: 'yes' } },
          queryParams: { 'Preview-of': { exact: 'yes' } },
        },
      ],
    },
  });
  expect(JSON.stringify(registered)).not.toContain('perch-output');
});

test('a host that is known later is the same everywhere it is derived', async () => {
  const app = await application({ host: pulumi.output(Promise.resolve('shop.example.com')) });
  expect(find('Ingress', 'podinfo').object.spec).toMatchObject({ rules: [{ host: 'shop.example.com' }] });
  expect(JSON.stringify(find('Canary', 'podinfo').object.spec)).toContain('"host":"shop.example.com"');
  expect(await outcomeOf(app.url)).toBe('http://shop.example.com');
});

test('a namespace that is known later gives a resource whose name does not change with the program', async () => {
  await application({ namespace: pulumi.output(Promise.resolve('auto')) });
  expect(find('Namespace', 'auto').name).toBe('podinfo-podinfo-namespace-output');
  expect(find('Canary', 'podinfo').object.metadata.namespace).toBe('auto');
});

/** What each resource of a component says that it depends on, by the resource's name. */
function noteDependencies() {
  const found = new Map<string, readonly unknown[]>();
  const transformation: pulumi.ResourceTransformation = ({ name, opts }) => {
    found.set(name, [opts.dependsOn].flat(9));
    return undefined;
  };
  return { found, options: { transformations: [transformation] } };
}

test('what a component depends on, its resources depend on', async () => {
  const first = new k8s.core.v1.Namespace('first');
  const { found, options } = noteDependencies();
  const platform = new CanaryPlatform('platform', {}, { ...options, dependsOn: first });
  await settled(platform.resources);
  expect(found.get('platform-platform-controller-deployment')).toContain(first);
  const release = noteDependencies();
  const app = new CanaryApp('podinfo', { ...props, platform }, { ...release.options, dependsOn: [first] });
  await settled(app.resources);
  expect(release.found.get('podinfo-podinfo-release-canary')).toContain(first);
  expect(release.found.get('podinfo-podinfo-deployment')).toEqual(expect.arrayContaining([first]));
});

test('a namespace waits for nothing: the rights of a controller that watches it alone are made within it', async () => {
  const { found, options } = noteDependencies();
  const platform = new CanaryPlatform('platform', { controller: { watchNamespace: 'test' } });
  const app = new CanaryApp('podinfo', { ...props, platform }, options);
  await settled([...platform.resources, ...app.resources]);
  expect(found.get('podinfo-podinfo-namespace-test')).toEqual([]);
  expect(found.get('podinfo-podinfo-deployment')).toEqual(expect.arrayContaining([...platform.resources]));
});

test('two applications of one namespace declare it once', async () => {
  const platform = new CanaryPlatform('platform');
  const apps = ['one', 'two'].map(
    (name) => new CanaryApp(name, { ...props, platform, host: `${name}.example.com` }),
  );
  await settled([platform, ...apps].flatMap(({ resources }) => resources));
  expect(
    registered.filter(({ object }) => object.kind === 'Namespace' && object.metadata.name === 'test'),
  ).toHaveLength(1);
});

test('Pulumi does not wait for what the controller decides, nor for an address that may never come', async () => {
  await application();
  const annotations = (kind: string, name: string) => find(kind, name).object.metadata.annotations ?? {};
  expect(annotations('Deployment', 'podinfo')).toMatchObject({ 'pulumi.com/skipAwait': 'true' });
  expect(annotations('Ingress', 'podinfo')).toMatchObject({ 'pulumi.com/skipAwait': 'true' });
  expect(annotations('Service', 'ingress-nginx-controller')).toMatchObject({
    'pulumi.com/skipAwait': 'true',
  });
  expect(annotations('Deployment', 'perch-controller')).not.toHaveProperty(['pulumi.com/skipAwait']);
  expect(annotations('Canary', 'podinfo')).toMatchObject({
    'pulumi.com/deletionPropagationPolicy': 'background',
  });
});

test('a Deployment of the program is released under its own name', async () => {
  const labels = { app: 'api' };
  const api = new k8s.apps.v1.Deployment('api', {
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'api', image: 'api:1' }] } },
    },
  });
  const platform = new CanaryPlatform('platform');
  const strategy = Strategy.canary();
  const release = new CanaryRelease('api', {
    platform,
    deployment: api,
    port: 80,
    host: 'api.example.com',
    strategy,
    wait: false,
  });
  await settled([...platform.resources, ...release.resources]);
  expect(find('Canary', 'api').object).toMatchObject({
    metadata: { namespace: 'shop' },
    spec: { targetRef: { kind: 'Deployment', name: 'api' } },
  });
});

test('what a factory is given may be an Output too', async () => {
  const address = pulumi.output(Promise.resolve('http://prometheus.monitoring:9090'));
  const platform = new CanaryPlatform('platform', { metrics: Metrics.existingPrometheus({ address }) });
  const zone = pulumi.output(Promise.resolve('eu'));
  const app = new CanaryApp('podinfo', {
    ...props,
    platform,
    metrics: [Metric.promql('errors', { query: pulumi.interpolate`sum(errors{zone="${zone}"})`, max: 1 })],
    checks: [
      Check.load(),
      Check.postRollout({ url: pulumi.interpolate`http://${zone}.example.com`, metadata: { zone } }),
    ],
  });
  await settled([...platform.resources, ...app.resources]);
  const controller = JSON.stringify(find('Deployment', 'perch-controller').object.spec);
  expect(controller).toContain('-metrics-server=http://prometheus.monitoring:9090"');
  expect(JSON.stringify(registered)).toContain('sum(errors{zone=\\"eu\\"})');
  const { analysis } = find('Canary', 'podinfo').object.spec as unknown as {
    analysis: { webhooks: object[] };
  };
  expect(analysis.webhooks[1]).toMatchObject({ url: 'http://eu.example.com', metadata: { zone: 'eu' } });
  expect(await outcomeOf(platform.metricsAddress)).toBe('http://prometheus.monitoring:9090');
  expect(JSON.stringify(registered)).not.toContain('perch-output');
});

test('an Output where a number is checked is refused with what can be done', () => {
  const platform = new CanaryPlatform('platform');
  const port = pulumi.output(9898) as unknown as number;
  expect(() => new CanaryApp('podinfo', { ...props, platform, port })).toThrow(
    /port: expected .*, got an Output, whose value is not known yet\n {2}remedy: give the value itself .*, or make the component where it is known: value\.apply/,
  );
});

test('a number that is an Output is carried by a component that is made when it is known', async () => {
  const platform = new CanaryPlatform('platform');
  const numbers = pulumi.output(Promise.resolve({ port: 8080, maxReplicas: 7 }));
  const app = numbers.apply(
    ({ port, maxReplicas }) =>
      new CanaryApp('podinfo', { ...props, platform, port, autoscaling: { maxReplicas } }),
  );
  expect(await outcomeOf(app.url)).toBe('http://app.example.com');
  await outcomeOf(app.phase);
  expect(find('HorizontalPodAutoscaler', 'podinfo').object.spec).toMatchObject({ maxReplicas: 7 });
  expect(find('Canary', 'podinfo').object.spec).toMatchObject({ service: { targetPort: 8080 } });
});

test('what cannot be is refused with the place and the remedy', () => {
  const platform = new CanaryPlatform('platform');
  const wrong = (name: string) => () => new CanaryApp(name, { ...props, platform, port: 0 });
  expect(wrong('other')).toThrow(pulumi.RunError);
  expect(wrong('podinfo')).toThrow(
    /podinfo\/podinfo: port: expected .*\n {2}remedy: .*\[CONSTRUCT_OUT_OF_RANGE\]/,
  );
});

test('two components of one application are refused, by both paths', () => {
  const platform = new CanaryPlatform('platform');
  new CanaryApp('web', { ...props, platform });
  expect(() => new CanaryApp('again', { ...props, platform, name: 'web' })).toThrow(
    /web\/web and again\/again both declare Deployment test\/web/,
  );
});

test('a factory that is given what cannot be refuses it in words, an Output too', () => {
  const min = pulumi.output(99) as unknown as number;
  expect(() => Metric.successRate({ min })).toThrow(
    /Metric\.successRate: min: expected a number, got an Output, whose value is not known yet/,
  );
  expect(() => Strategy.canary({ stepWeigth: 5 } as never)).toThrow(pulumi.RunError);
});

test('a component without its platform is refused', () => {
  const made = () => new CanaryApp('web', props as never);
  expect(made).toThrow(/web: platform: expected a CanaryPlatform, got nothing/);
});
