import type { CanarySpec } from '../../lib/api/canary.js';
import { ownedBy } from '../../lib/api/ownership.js';
import { GrpcRoutes, httpRoutes, type Route } from '../../lib/routers/gateway-api/kinds.js';
import { routerConformance, split } from '../conformance/routers.js';
import { gatewayBench, gatewayCanary, gatewayController, key } from './gatewayBench.js';

const routeKind = 'GRPCRoute';

const gaps = {
  unsupported: ['sessionAffinity'] as const,
  reason: 'clients of gRPC keep no cookies',
};

routerConformance(
  'gatewayapi:v1 with a GRPCRoute',
  () => gatewayBench('v1', gatewayController(), { routeKind }),
  gaps,
);

async function rulesOf(service: Partial<CanarySpec['service']>) {
  const bench = gatewayBench('v1', gatewayController(), { routeKind });
  await bench.router.sync(gatewayCanary({}, { routeKind, ...service }), split(10));
  return bench.objects.read(GrpcRoutes, key)!.spec!.rules;
}

test('every call is taken by a rule without matches', async () => {
  expect(await rulesOf({})).toEqual([
    {
      backendRefs: [
        { group: '', kind: 'Service', name: 'podinfo-primary', port: 80, weight: 90 },
        { group: '', kind: 'Service', name: 'podinfo-canary', port: 80, weight: 10 },
      ],
    },
  ]);
});

test('paths are calls: a service, or one of its methods', async () => {
  const match = [
    { uri: { prefix: '/shop.Cart' }, headers: { tenant: { exact: 'a' } } },
    { uri: { exact: '/shop.Cart/Add' } },
  ];
  const [rule] = (await rulesOf({ match, headers: { request: { remove: ['x-old'] } } }))!;
  expect(rule).toMatchObject({
    matches: [
      {
        method: { type: 'Exact', service: 'shop.Cart' },
        headers: [{ name: 'tenant', value: 'a', type: 'Exact' }],
      },
      { method: { type: 'Exact', service: 'shop.Cart', method: 'Add' } },
    ],
    filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-old'] } }],
  });
});

test.each<[string, Partial<CanarySpec['service']>, string]>([
  ['a timeout', { timeout: '5s' }, 'spec.service.timeout'],
  ['CORS', { corsPolicy: { allowOrigin: ['*'] } }, 'spec.service.corsPolicy'],
  ['an expression for the path', { match: [{ uri: { regex: '/a.*' } }] }, 'spec.service.match'],
  ['a path that is no call', { match: [{ uri: { prefix: '/a/b/c' } }] }, 'spec.service.match'],
  ['a query parameter', { match: [{ queryParams: { v: { exact: '1' } } }] }, 'spec.service.match'],
  ['a method of HTTP', { match: [{ method: { exact: 'GET' } }] }, 'spec.service.match'],
])('%s is nothing that a GRPCRoute can say', async (_, service, path) => {
  await expect(rulesOf(service)).rejects.toMatchObject({ code: 'ROUTER_GRPC_UNSUPPORTED', path });
});

test('cookies are not its affair', () => {
  const { router, canary } = gatewayBench('v1', gatewayController(), { routeKind });
  expect(router.capabilities(canary)).toMatchObject({ mirror: true, sessionAffinity: false });
  expect(router.watches(canary)).toEqual([GrpcRoutes]);
});

describe('a canary whose routeKind changes', () => {
  const held = { code: 'ROUTER_ROUTE_PENDING' };
  const withoutKind = gatewayCanary({}, { routeKind: undefined });

  test.each([
    ['GRPCRoute', httpRoutes('v1'), withoutKind, GrpcRoutes, gatewayCanary({}, { routeKind })],
    ['HTTPRoute', GrpcRoutes, gatewayCanary({}, { routeKind }), httpRoutes('v1'), withoutKind],
  ])('gets the %s in the place of the other, which would claim the same host', async (...parts) => {
    const [, oldKind, before, newKind, after] = parts;
    const { router, objects } = gatewayBench();
    await router.sync(before, split(10));
    await router.sync(after, split(10));
    expect(objects.read(oldKind, key)).toBeUndefined();
    expect(objects.read(newKind, key)).toBeDefined();
  });

  test('loses the other too when the controller ended before it was removed, and the new one is not taken', async () => {
    const { router, objects } = gatewayBench('v1', gatewayController('False'));
    const after = gatewayCanary({}, { routeKind });
    await router.sync(after, split(10));
    objects.put(httpRoutes('v1'), { ...httpRoute(), metadata: { ...key, ownerReferences: ownedBy(after) } });
    await expect(router.sync(after, split(10))).rejects.toMatchObject(held);
    expect(objects.read(httpRoutes('v1'), key)).toBeUndefined();
  });

  test('leaves a route that is somebody else’s', async () => {
    const { router, objects } = gatewayBench();
    objects.put(httpRoutes('v1'), httpRoute());
    await router.sync(gatewayCanary({}, { routeKind }), split(10));
    expect(objects.read(httpRoutes('v1'), key)).toEqual(expect.objectContaining({ spec: httpRoute().spec }));
  });
});

function httpRoute(): Route {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { ...key },
    spec: { rules: [{ backendRefs: [{ name: 'podinfo', port: 80 }] }] },
  };
}
