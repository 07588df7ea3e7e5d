import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import { isRoutePending } from '../../lib/ports/router.js';
import { HttpProxies, type ProxyRoute } from '../../lib/routers/contour/kinds.js';
import { GrpcRoutes, httpRoutes, type RouteRule } from '../../lib/routers/gateway-api/kinds.js';
import { routers } from '../../lib/routers/registry.js';
import { VirtualClock } from '../../lib/sim/clock.js';
import { type Dress, MemoryObjects } from '../conformance/memoryObjects.js';
import { split } from '../conformance/routers.js';
import { gatewayCanary, gatewayController, key } from './gatewayBench.js';
import { routerContext } from './routerContext.js';

/*
 * A proxy that is led to a Service before it knows it answers 503: a route that served before canary names the Services that are
 * new to it, for no request, some seconds before it leads there, and the same way back.
 */

interface Subject {
  readonly provider: 'gatewayapi:v1' | 'gatewayapi:v1beta1' | 'contour';
  readonly kind: Kind;
  readonly service?: object;
  /** The user's own route. */
  readonly own: object;
  /** Each Service with its weight, as the proxy reads the route. */
  read(spec: object): [string, number][];
}

const routeOf = { rules: [{ backendRefs: [{ name: 'podinfo', port: 80 }] }] };
const parentRefs = [{ name: 'public', namespace: 'gateways' }];
const ofRules = (spec: object) =>
  (spec as { rules: RouteRule[] }).rules
    .flatMap(({ backendRefs = [] }) => backendRefs)
    .map(({ name, weight = 1 }): [string, number] => [name, weight]);

const subjects: [string, Subject][] = [
  [
    'HTTPRoute',
    {
      provider: 'gatewayapi:v1',
      kind: httpRoutes('v1'),
      own: { parentRefs, ...routeOf },
      read: ofRules,
    },
  ],
  [
    'HTTPRoute v1beta1',
    {
      provider: 'gatewayapi:v1beta1',
      kind: httpRoutes('v1beta1'),
      own: { parentRefs, ...routeOf },
      read: ofRules,
    },
  ],
  [
    'GRPCRoute',
    {
      provider: 'gatewayapi:v1',
      kind: GrpcRoutes,
      service: { routeKind: 'GRPCRoute' },
      own: { parentRefs, ...routeOf },
      read: ofRules,
    },
  ],
  [
    'HTTPProxy',
    {
      provider: 'contour',
      kind: HttpProxies,
      own: { routes: [{ conditions: [{ prefix: '/' }], services: [{ name: 'podinfo', port: 80 }] }] },
      read: (spec) =>
        (spec as { routes: ProxyRoute[] }).routes
          .flatMap(({ services = [] }) => services)
          .map(({ name, weight = 0 }) => [name, weight]),
    },
  ],
];

function stage({ provider, kind, service, own, read }: Subject) {
  const clock = new VirtualClock(0);
  const taking = { now: true };
  const objects = new MemoryObjects((of, object) => ({
    ...(taking.now ? taken(of, object) : { ...object, status: undefined }),
  }));
  const canary = gatewayCanary({}, service);
  canary.spec.provider = provider;
  const route = { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: key, spec: own };
  objects.put(kind, route as KubeObject);
  const make = () => routers[provider](routerContext(objects, provider, undefined, '', clock));
  const spec = () => (objects.read(kind, key) as KubeObject & { spec: object }).spec;
  return { clock, taking, objects, canary, make, spec, named: () => read(spec()) };
}

/** As the proxies' controller leaves what it has taken. */
const taken: Dress = (kind, object) => ({
  ...gatewayController()(kind, object),
  ...(object.kind === 'HTTPProxy' && { status: { conditions: [{ type: 'Valid', status: 'True' }] } }),
});

/** Whether what was asked for has to wait. */
async function waits(action: Promise<unknown>): Promise<boolean> {
  try {
    await action;
    return false;
  } catch (error) {
    if (isRoutePending(error)) return true;
    throw error;
  }
}

describe.each(subjects)('an %s that is there', (_, subject) => {
  it('names the new Services first, and leads to them when its proxies know them', async () => {
    const { clock, objects, canary, make, named } = stage(subject);
    const router = make();
    expect(await waits(router.sync(canary, split(0)))).toBe(true);
    const introduced = [
      ['podinfo', 1],
      ['podinfo-primary', 0],
      ['podinfo-canary', 0],
    ];
    expect(named()).toEqual(introduced);
    const { writes } = objects;
    expect(await waits(router.sync(canary, split(0)))).toBe(true);
    await clock.advance(4_000);
    expect(await waits(router.sync(canary, split(0)))).toBe(true);
    expect({ named: named(), writes: objects.writes }).toEqual({ named: introduced, writes });
    await clock.advance(1_000);
    expect(await waits(router.sync(canary, split(0)))).toBe(false);
    expect(named()).toEqual([
      ['podinfo-primary', 100],
      ['podinfo-canary', 0],
    ]);
  });

  it('changes its weights at once, and is put right at once when somebody else did', async () => {
    const { clock, objects, canary, make, named, spec } = stage(subject);
    const router = make();
    await waits(router.sync(canary, split(0)));
    await waits(router.sync(canary, split(0)));
    await clock.advance(5_000);
    for (const weight of [0, 50, 100, 0]) {
      expect(await waits(router.sync(canary, split(weight)))).toBe(false);
      expect(named()).toContainEqual(['podinfo-canary', weight]);
    }
    const stranger = JSON.stringify(spec()).replace('podinfo-canary', 'stranger');
    await objects.patch(subject.kind, key, 'merge', { spec: JSON.parse(stranger) });
    expect(await waits(router.sync(canary, split(0)))).toBe(false);
    expect(named().map(([name]) => name)).toEqual(['podinfo-primary', 'podinfo-canary']);
  });

  it('is given back in the same way', async () => {
    const { clock, canary, make, named, spec } = stage(subject);
    const router = make();
    await waits(router.sync(canary, split(0)));
    await waits(router.sync(canary, split(0)));
    await clock.advance(5_000);
    await router.sync(canary, split(0));
    expect(await waits(router.finalize(canary))).toBe(true);
    expect(await waits(router.finalize(canary))).toBe(true);
    expect(named()).toEqual([
      ['podinfo-primary', 100],
      ['podinfo-canary', 0],
      ['podinfo', 0],
    ]);
    await clock.advance(5_000);
    expect(await waits(router.finalize(canary))).toBe(false);
    expect(spec()).toEqual(subject.own);
  });

  it('waits anew when the controller was started in between', async () => {
    const { clock, canary, make, named } = stage(subject);
    await waits(make().sync(canary, split(0)));
    const router = make();
    expect(await waits(router.sync(canary, split(0)))).toBe(true);
    await clock.advance(5_000);
    expect(await waits(router.sync(canary, split(0)))).toBe(false);
    expect(named()).toContainEqual(['podinfo-primary', 100]);
  });

  it('waits anew for a canary that comes when the one that waited before is long gone', async () => {
    const { clock, canary, make, named } = stage(subject);
    const router = make();
    await waits(router.sync(canary, split(0)));
    await waits(router.sync(canary, split(0)));
    await clock.advance(600_000);
    expect(await waits(router.sync(canary, split(0)))).toBe(true);
    await clock.advance(5_000);
    expect(await waits(router.sync(canary, split(0)))).toBe(false);
    expect(named()).toContainEqual(['podinfo-primary', 100]);
  });

  it('is given back as it was when the canary goes before it led anywhere', async () => {
    const { canary, make, spec } = stage(subject);
    await waits(make().sync(canary, split(0)));
    expect(await waits(make().finalize(canary))).toBe(false);
    expect(spec()).toEqual(subject.own);
  });

  it('waits from when the controller of its proxies has taken it, and for half a minute at most', async () => {
    if (subject.provider === 'gatewayapi:v1beta1') return;
    const { clock, taking, canary, make, named } = stage(subject);
    taking.now = false;
    const router = make();
    await waits(router.sync(canary, split(0)));
    for (let second = 0; second < 30; second += 5) {
      expect(await waits(router.sync(canary, split(0)))).toBe(true);
      await clock.advance(5_000);
    }
    await waits(router.sync(canary, split(0)));
    expect(named()).toContainEqual(['podinfo-primary', 100]);
  });
});
