import { hooks, simulate } from 'perch/testing';
import 'perch/testing/jest';
import { Routing } from '../../lib/index.js';
import type { Manifest } from '../constructs/bench.js';
import { factories, image, namespace, stack } from './routerStacks.js';

describe('what is not simulated is refused by name, before anything runs', () => {
  /** The application with something else in its Canary. */
  const changed = (change: (spec: Manifest['spec']) => void, beside: object[] = []) => {
    const objects = structuredClone(stack(factories.gatewayApi)) as Manifest[];
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
    await expect(
      simulate(stack({ routing: Routing.gatewayRoute({ name: 'mine' }) })).release({ image: image('2') }),
    ).rejects.toMatchObject({
      code: 'TESTING_STACK_INCOMPLETE',
      message: 'expected the stack to declare the HTTPRoute mine of namespace shop, found none',
    });
  });
});

describe('what leads users in', () => {
  test.each([
    ['an IngressRoute', factories.traefik],
    ['an HTTPProxy with a virtualhost', factories.contour],
    ['a VirtualService of gateway.solo.io', factories.gloo],
  ])('is asked for where it is the user’s to declare: %s', async (what, given) => {
    const doors = ['IngressRoute', 'HTTPProxy', 'VirtualService'];
    const objects = stack(given).filter(({ kind }) => !doors.includes(kind));
    await expect(simulate(objects).release({ image: image('2') })).rejects.toMatchObject({
      code: 'TESTING_STACK_INCOMPLETE',
      message: expect.stringContaining(`to declare ${what} that`),
    });
  });

  const conditions: [string, Manifest[], (door: Manifest) => void][] = [
    ['IngressRoute', stack(factories.traefik), ({ spec }) => (spec.routes[0].match = 'ClientIP(`10.0.0.1`)')],
    [
      'HTTPProxy',
      stack(factories.contour),
      ({ spec }) => (spec.includes[0].conditions = [{ header: { name: 'x-a', notexact: 'b' } }]),
    ],
    [
      'VirtualService',
      stack(factories.gloo),
      ({ spec }) => (spec.virtualHost.routes[0].matchers = [{ methods: ['GET'] }]),
    ],
    ['ApisixRoute', stack(factories.apisix), ({ spec }) => (spec.http[0].match.methods = ['GET'])],
    [
      'Ingress',
      stack(factories.skipper),
      ({ metadata }) =>
        Object.assign(metadata, { annotations: { 'zalando.org/skipper-predicate': 'Method("GET")' } }),
    ],
  ];
  test.each(conditions)(
    'is refused with a condition that no virtual router obeys: %s',
    async (kind, objects, change) => {
      change(objects.find((object) => object.kind === kind)!);
      await expect(simulate(objects).release({ image: image('2') })).rejects.toMatchObject({
        code: 'SIM_RULE_UNREADABLE',
      });
    },
  );
});
