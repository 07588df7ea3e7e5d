import type { AnalysisMatch, Canary, CanarySpec } from '../../lib/api/canary.js';
import { GrpcRoutes, httpRoutes, type Route } from '../../lib/routers/gateway-api/kinds.js';
import { routers } from '../../lib/routers/registry.js';
import { VirtualClock } from '../../lib/sim/clock.js';
import { httpRouteBackends } from '../../lib/sim/routers/httpRoutes.js';
import type { Dress } from '../conformance/memoryObjects.js';
import { routerObjects } from '../conformance/routerObjects.js';
import type { RouterBench } from '../conformance/routers.js';
import { routerContext } from './routerContext.js';

export const key = { namespace: 'test', name: 'podinfo' };

/** A gateway's controller beside the API server: it says of every route, as soon as it is written, whether it takes it. */
export function gatewayController(accepted: 'True' | 'False' | '' = 'True'): Dress {
  return (_, object) => {
    const observedGeneration = object.metadata.generation ?? 0;
    const conditions = [{ type: 'Accepted', status: accepted, observedGeneration }];
    const refs = (object as Route).spec?.parentRefs ?? [];
    const parents = refs.map((parentRef) => ({ parentRef, conditions }));
    return accepted ? { ...object, status: { parents } } : object;
  };
}

export function gatewayCanary(
  analysis: Partial<CanarySpec['analysis']> = {},
  service: Partial<CanarySpec['service']> = {},
): Canary {
  return {
    metadata: { name: 'podinfo', namespace: 'test', uid: 'c0ffee' },
    spec: {
      provider: 'gatewayapi:v1',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      service: {
        port: 80,
        hosts: ['app.example.com'],
        gatewayRefs: [{ name: 'public', namespace: 'gateways' }],
        ...service,
      },
      analysis: { interval: '10s', threshold: 5, stepWeight: 10, ...analysis },
    },
  };
}

export function abTest(match: AnalysisMatch[]): Partial<CanarySpec['analysis']> {
  return { stepWeight: undefined, iterations: 5, match };
}

export interface GatewayBench extends RouterBench {
  readonly clock: VirtualClock;
  route(): Route | undefined;
  /** Percent of such requests that the canary gets. */
  share(request: { path?: string; method?: string; headers?: Record<string, string> }): number;
}

export function gatewayBench(
  version: 'v1' | 'v1beta1' = 'v1',
  controller = gatewayController(),
  service: Partial<CanarySpec['service']> = {},
): GatewayBench {
  const objects = routerObjects(controller);
  const clock = new VirtualClock(0);
  const kind = service.routeKind === 'GRPCRoute' ? GrpcRoutes : httpRoutes(version);
  const route = (): Route | undefined => objects.read(kind, key);
  const share: GatewayBench['share'] = (request) => {
    const backends = httpRouteBackends(route()!, { host: 'app.example.com', path: '/', ...request }) ?? [];
    return Math.round(100 * (backends.find(({ service }) => service === 'podinfo-canary')?.share ?? 0));
  };
  return {
    clock,
    router: routers[`gatewayapi:${version}`](
      routerContext(objects, `gatewayapi:${version}`, undefined, undefined, clock),
    ),
    objects,
    canary: gatewayCanary({}, service),
    abCanary: gatewayCanary(abTest([{ headers: { 'x-canary': { exact: 'insider' } } }]), service),
    route,
    share,
    canaryShare: share,
    routingObjects: () => [route()],
    meddle: () => {
      const live = structuredClone(route()!) as unknown as {
        spec: { rules: { backendRefs: { weight: number }[] }[] };
      };
      live.spec.rules[0]!.backendRefs[0]!.weight = 23;
      live.spec.rules[0]!.backendRefs[1]!.weight = 77;
      objects.put(kind, live as unknown as Route);
    },
  };
}
