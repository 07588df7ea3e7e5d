import { App, Chart, Duration } from 'cdk8s';
import { faulty, hooks, type Release, simulate, slow } from 'perch/testing';
import 'perch/testing/jest';
import { CanaryApp, CanaryPlatform, Metric, Routing } from '../../lib/index.js';
import type { Manifest } from '../constructs/bench.js';

const image = (tag: string) => `registry.example.com/web:${tag}`;
const namespace = 'shop';

interface Case {
  readonly routing: Routing;
  /** What the routing leaves to the user. */
  readonly beside?: readonly object[];
}

/** The usual application under a routing. */
function stack({ routing, beside = [] }: Case): object[] {
  const chart = new Chart(new App(), 'shop');
  new CanaryApp(chart, 'web', {
    platform: new CanaryPlatform(chart, 'platform', { routing }),
    ...{ namespace, image: image('1'), port: 8080, host: 'web.example.com' },
    metrics: [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })],
  });
  return [...(chart.toJson() as object[]), ...beside];
}

const releaseOf = (given: Case, release: Partial<Release> = {}) =>
  simulate(stack(given)).release({ image: image('2'), ...release });

const gateway = { name: 'public', namespace: 'gateways' };
const ownRoute = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace, name: 'mine' },
  spec: {
    parentRefs: [gateway],
    hostnames: ['mine.example.com'],
    rules: [
      {
        backendRefs: [
          { name: 'web', port: 80, weight: 100 },
          { name: 'web-canary', port: 80, weight: 0 },
        ],
      },
    ],
  },
};

const simulated = {
  ingressNginx: { routing: Routing.ingressNginx() },
  kubernetes: { routing: Routing.kubernetes() },
  gatewayApi: { routing: Routing.gatewayApi({ gateway }) },
  gatewayRoute: { routing: Routing.gatewayRoute({ name: 'mine' }), beside: [ownRoute] },
  istio: { routing: Routing.istio() },
} satisfies Record<string, Case>;

const refused = {
  linkerd: [Routing.linkerd(), /given request-success-rate, which asks for response_total$/],
  smi: [Routing.smi(), /given smi:v1alpha2$/],
  traefik: [Routing.traefik(), /given traefik$/],
  traefikIngressNginx: [Routing.traefikIngressNginx(), /asks for traefik_service_request_duration_seconds/],
  contour: [Routing.contour(), /given contour$/],
  skipper: [Routing.skipper(), /given skipper$/],
  gloo: [Routing.gloo(), /given gloo$/],
  apisix: [Routing.apisix({ route: 'mine' }), /given apisix$/],
  kuma: [Routing.kuma(), /given kuma$/],
  osm: [Routing.osm(), /given osm$/],
  appMesh: [Routing.appMesh({ meshName: 'global' }), /given appmesh:v1beta2$/],
} satisfies Record<string, [Routing, RegExp]>;

/** A new factory of Routing does not compile here until it is simulated or refused; Knative’s releases no Deployment. */
type Factory = Exclude<keyof typeof Routing, 'prototype' | 'knative'>;
const known: Record<Factory, unknown> = { ...simulated, ...refused };

test('what is said of the factories of Routing is said of factories that there are', () => {
  expect(Object.keys(known).filter((name) => !(name in Routing))).toEqual([]);
});

describe.each(Object.entries<Case>(simulated))('Routing.%s', (_, given) => {
  it('has a healthy version promoted', async () => {
    const rollout = await releaseOf(given);
    expect(rollout).toHavePromoted();
    expect(rollout.requests).toBeGreaterThan(0);
    expect(rollout.failedRequests).toBe(0);
  });

  it('has a version rolled back that answers with errors', async () => {
    const rollout = await releaseOf(given, { behaves: faulty({ errorRate: 0.3 }) });
    expect(rollout).toHaveRolledBack({ because: 'success' });
  });

  it('has a version rolled back that answers late', async () => {
    const rollout = await releaseOf(given, { behaves: slow({ median: '900ms' }) });
    expect(rollout).toHaveRolledBack({ because: 'duration' });
  });
});

describe('what is not simulated is refused by name, before anything runs', () => {
  test.each(Object.entries(refused))('Routing.%s', async (_, [routing, given]) => {
    await expect(releaseOf({ routing })).rejects.toMatchObject({
      code: 'TESTING_NOT_SIMULATED',
      message: expect.stringMatching(given),
    });
  });
});

describe('so is what a Canary asks for beside its router', () => {
  /** The application with something else in its Canary. */
  const changed = (change: (spec: Manifest['spec']) => void, beside: object[] = []) => {
    const objects = structuredClone(stack(simulated.gatewayApi)) as Manifest[];
    change(objects.find(({ kind }) => kind === 'Canary')!.spec);
    return [...objects, ...beside];
  };
  const sales = {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name: 'sales', namespace },
    spec: {
      provider: { type: 'prometheus', address: 'http://prometheus.elsewhere:9090' },
      query: 'sum(rate(sales_total{app="{{ target }}"}[{{ interval }}]))',
    },
  };
  const bySales = changed(
    (spec) => {
      spec.analysis.metrics = [{ name: 'sales', templateRef: { name: 'sales' }, thresholdRange: { min: 1 } }];
    },
    [sales],
  );

  test.each([
    ['spec.service.routeKind', 'GRPCRoute', changed(({ service }) => (service.routeKind = 'GRPCRoute'))],
    ['spec.analysis.mirror', 'true', changed(({ analysis }) => (analysis.mirror = true))],
    ['spec.analysis.metrics[0]', 'sales, which asks for sales_total', bySales],
  ])('%s: %s', async (path, given, source) => {
    await expect(simulate(source).release({ image: image('2') })).rejects.toMatchObject({
      code: 'TESTING_NOT_SIMULATED',
      message: expect.stringMatching(`given ${given}$`),
      path: `Canary/shop/web: ${path}`,
    });
  });

  it('but for a metric that is answered in place of Prometheus', async () => {
    const body =
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"2"]}]}}';
    const prometheus = hooks.answer('http://prometheus.elsewhere:9090/', { status: 200, body });
    const rollout = await simulate(bySales, { hooks: [prometheus] }).release({ image: image('2') });
    expect(rollout).toHavePromoted();
  });

  it('and a route of the user’s that is not declared is asked for', async () => {
    await expect(releaseOf({ routing: Routing.gatewayRoute({ name: 'mine' }) })).rejects.toMatchObject({
      code: 'TESTING_STACK_INCOMPLETE',
      message: 'expected the stack to declare the HTTPRoute mine of namespace shop, found none',
    });
  });
});
