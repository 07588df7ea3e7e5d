import type { Canary } from '../../lib/api/canary.js';
import { GrpcRoutes, httpRoutes, type Route } from '../../lib/routers/gateway-api/kinds.js';
import { routers } from '../../lib/routers/registry.js';
import { MemoryObjects } from '../conformance/memoryObjects.js';
import { split } from '../conformance/routers.js';
import { gatewayCanary, gatewayController } from './gatewayBench.js';
import { routerContext } from './routerContext.js';

const filters = [{ type: 'ExtensionRef', extensionRef: { group: 'g', kind: 'RateLimit', name: 'slow' } }];

/** Three rules: the release's with a filter, another application's, and the release's beside a third backend. */
function userRoute(kind: 'HTTPRoute' | 'GRPCRoute' = 'HTTPRoute'): Route {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name: 'shop', namespace: 'test', resourceVersion: '7' },
    spec: {
      parentRefs: [{ name: 'public' }],
      hostnames: ['shop.example.com'],
      rules: [
        {
          filters,
          backendRefs: [
            { name: 'podinfo', port: 80, weight: 100, filters },
            { name: 'podinfo-canary', port: 80, weight: 0 },
          ],
        },
        {
          matches: [{ path: { type: 'PathPrefix', value: '/docs' } }],
          backendRefs: [{ name: 'docs', port: 80 }],
        },
        {
          backendRefs: [
            { name: 'other', port: 80, weight: 60 },
            { name: 'podinfo-primary', port: 80, weight: 40 },
            { name: 'podinfo-canary', port: 80, weight: 0 },
          ],
        },
      ],
    },
  } as Route;
}

function bench(route: Route | undefined = userRoute()) {
  const objects = new MemoryObjects(gatewayController());
  const grpc = route?.kind === 'GRPCRoute';
  const kind = grpc ? GrpcRoutes : httpRoutes('v1');
  if (route) objects.put(kind, route);
  const canary: Canary = gatewayCanary({}, { gatewayRefs: undefined, hosts: undefined });
  canary.spec.routeRef = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: grpc ? 'GRPCRoute' : 'HTTPRoute',
    name: 'shop',
  };
  const live = () => objects.read(kind, { namespace: 'test', name: 'shop' })!;
  const weights = () => live().spec!.rules!.map((rule) => rule.backendRefs!.map(({ weight }) => weight));
  const router = routers['gatewayapi:v1'](routerContext(objects, 'gatewayapi:v1'));
  return { objects, kind, canary, live, weights, router };
}

test('of a route of the user’s only the weights of the release change', async () => {
  const { router, canary, live, weights } = bench();
  expect(await router.sync(canary, split(0))).toEqual({ found: split(0), changed: false });
  await router.sync(canary, split(25));
  expect(weights()).toEqual([[75, 25], [undefined], [60, 30, 10]]);
  expect(await router.sync(canary, split(25))).toEqual({ found: split(25), changed: false });
  await router.sync(canary, split(0));
  expect(live().spec).toEqual(userRoute().spec);
});

test('every weight is sent and read back', async () => {
  const { router, canary } = bench();
  for (let weight = 0; weight <= 100; weight += 1) {
    await router.sync(canary, split(weight));
    expect((await router.sync(canary, split(weight))).found).toEqual(split(weight));
  }
});

test('a GRPCRoute is driven in the same way', async () => {
  const { router, canary, weights, kind } = bench(userRoute('GRPCRoute'));
  expect(router.watches(canary)).toEqual([kind]);
  await router.sync(canary, split(50));
  expect(weights()).toEqual([[50, 50], [undefined], [60, 20, 20]]);
});

test('somebody else’s weight is put right, and reported', async () => {
  const { router, canary, objects, kind, weights } = bench();
  await router.sync(canary, split(10));
  objects.put(kind, userRoute());
  expect(await router.sync(canary, split(10))).toEqual({ found: split(0), changed: true });
  expect(weights()[0]).toEqual([90, 10]);
});

test('an edit that the cache has not seen yet is not overwritten', async () => {
  const { router, canary, objects, kind } = bench();
  const read = objects.read.bind(objects);
  const stale = read(kind, { namespace: 'test', name: 'shop' });
  objects.put(kind, { ...userRoute(), metadata: { ...userRoute().metadata, resourceVersion: '8' } });
  let first = true;
  objects.read = ((...args: Parameters<typeof read>) => {
    const seen = first ? stale : read(...args);
    first = false;
    return seen;
  }) as typeof objects.read;
  await expect(router.sync(canary, split(10))).rejects.toMatchObject({ status: 409 });
});

test('finalize sends everything to the released version', async () => {
  const { router, canary, weights } = bench();
  await router.sync(canary, split(40));
  await router.finalize(canary);
  expect(weights()).toEqual([[100, 0], [undefined], [60, 40, 0]]);
});

test('it can do shares of traffic and nothing else', () => {
  const { router, canary } = bench();
  expect(router.capabilities(canary)).toEqual({ weights: true, abTest: false, mirror: false });
});

test('a route that is not there, or lacks one of the two backends, is named', async () => {
  const absent = bench();
  absent.objects.drop(absent.kind, { namespace: 'test', name: 'shop' });
  await expect(absent.router.sync(absent.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_ROUTE_NOT_FOUND',
    message:
      'httproutes.gateway.networking.k8s.io "shop" not found: expected HTTPRoute shop in namespace test',
  });
  const route = userRoute();
  const lonely = {
    ...route,
    spec: { ...route.spec, rules: [{ backendRefs: [{ name: 'podinfo', port: 80 }] }] },
  };
  const { router, canary } = bench(lonely);
  await expect(router.sync(canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_BACKEND_NOT_FOUND',
    message:
      'expected a rule of HTTPRoute shop to lead to both podinfo-primary (or podinfo) and podinfo-canary, its rules lead to podinfo',
  });
});
