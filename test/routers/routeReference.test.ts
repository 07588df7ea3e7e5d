import type { Canary } from '../../lib/api/canary.js';
import { GrpcRoutes, httpRoutes, type Route } from '../../lib/routers/gateway-api/kinds.js';
import { routers } from '../../lib/routers/registry.js';
import { MemoryObjects } from '../conformance/memoryObjects.js';
import { split } from '../conformance/routers.js';
import fc from '../property.js';
import { gatewayCanary, gatewayController } from './gatewayBench.js';
import { routerContext } from './routerContext.js';

const filters = [{ type: 'ExtensionRef', extensionRef: { group: 'g', kind: 'RateLimit', name: 'slow' } }];

/** Three rules: the release's with a filter, another application's, and the release's beside a third backend. */
function userRoute(kind: 'HTTPRoute' | 'GRPCRoute' = 'HTTPRoute'): Route {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name: 'shop', namespace: 'test', resourceVersion: '7', annotations: { team: 'shop' } },
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

/** A route whose one rule leads to these: weights of other backends, of the released version and of the canary. */
function withWeights(others: readonly number[], stable: number | undefined, canary = 0): Route {
  const other = others.map((weight, index) => ({ name: `other-${index}`, port: 80, weight }));
  const pair = [
    { name: 'podinfo', port: 80, weight: stable },
    { name: 'podinfo-canary', port: 80, weight: canary },
  ];
  const rules = [{ backendRefs: [...other, ...pair] }];
  return { ...userRoute(), spec: { ...userRoute().spec, rules } };
}

test.each([
  ['without a weight', [1], undefined],
  ['of one and nine', [1], 9],
  ['that are as fine as Gateway API has them', [10_000], 10_000],
])(
  'beside backends %s the canary gets exactly its share of what is the release’s',
  async (_, others, stable) => {
    const route = withWeights(others, stable);
    const { router, canary, weights, live } = bench(route);
    for (const percent of [5, 25, 49, 50, 75, 99, 100]) {
      await router.sync(canary, split(percent));
      const [other, released, own] = weights()[0] as [number, number, number];
      expect((100 * own) / (own + released)).toBe(percent);
      expect((own + released) / other).toBe((stable ?? 1) / others[0]!);
      expect(await router.sync(canary, split(percent))).toEqual({ found: split(percent), changed: false });
    }
    await router.sync(canary, split(0));
    expect(weights()).toEqual([[...others, stable ?? 1, 0]]);
    expect(live().metadata).toEqual(route.metadata);
  },
);

test('whatever the weights, the canary has exactly its percent of the release’s, and the others what the user gave them', async () => {
  const weight = fc.integer({ min: 0, max: 10_000 });
  const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(weight, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 10_000 }),
      percents,
      async (others, stable, steps) => {
        const route = withWeights(others, stable);
        const { router, canary, weights, live } = bench(route);
        for (const percent of steps) {
          await router.sync(canary, split(percent));
          const now = weights()[0] as number[];
          const [released, own] = now.slice(-2) as [number, number];
          expect(own * 100).toBe((own + released) * percent);
          others.forEach((other, index) => {
            expect(now[index]! * stable).toBe(other * (own + released));
          });
          for (const one of now) expect(Number.isInteger(one) && one <= 1_000_000).toBe(true);
          expect((await router.sync(canary, split(percent))).changed).toBe(false);
        }
        await router.finalize(canary);
        expect(live()).toEqual({ ...route, status: live().status });
      },
    ),
    { numRuns: 200 },
  );
});

test('weights that the user changes in the middle of a run are the user’s from then on', async () => {
  const { router, canary, objects, kind, weights, live } = bench(withWeights([6], 4));
  await router.sync(canary, split(1));
  expect(weights()).toEqual([[150, 99, 1]]);
  objects.put(kind, { ...withWeights([5], 5), metadata: live().metadata });
  await router.sync(canary, split(1));
  expect(weights()).toEqual([[100, 99, 1]]);
  await router.sync(canary, split(0));
  expect(weights()).toEqual([[5, 5, 0]]);
  await router.sync(canary, split(1));
  objects.put(kind, { ...withWeights([0], 0), metadata: live().metadata });
  await router.sync(canary, split(0));
  expect(weights()).toEqual([[0, 0, 0]]);
});

test('a release that the user gives no share to takes none from the others', async () => {
  const { router, canary, weights } = bench(withWeights([100], 0));
  for (const percent of [0, 50, 100]) await router.sync(canary, split(percent));
  expect(weights()).toEqual([[100, 0, 0]]);
});

test('a share that whole weights cannot express is refused, and all to one of the two is not', async () => {
  const { router, canary, weights } = bench(withWeights([999_999], 1));
  await expect(router.sync(canary, split(5))).rejects.toMatchObject({
    code: 'ROUTER_SHARE_INEXACT',
    message:
      'expected weights of HTTPRoute shop of which podinfo-canary can have 5 % of the release’s, given 999999, 1, 0: the smallest that express it, 19999980, 19, 1, go beyond Gateway API’s 1000000',
    path: 'spec.routeRef',
  });
  for (const percent of [100, 0]) {
    await router.sync(canary, split(percent));
    expect(weights()).toEqual([[999_999, 1 - percent / 100, percent / 100]]);
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
