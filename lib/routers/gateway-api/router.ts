import type { Canary, CanaryService } from '../../api/canary.js';
import { drivesRoute, serviceNames, strategyOf } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import type { Kind } from '../../api/kinds.js';
import { isOwnedBy } from '../../api/ownership.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Objects } from '../../ports/objects.js';
import {
  isRoutePending,
  type Router,
  type RouterContext,
  type RouterFactory,
  type Routes,
} from '../../ports/router.js';
import { apexKey, apexMetadata, type Blueprint } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';
import { isAccepted, requireAccepted } from './acceptance.js';
import { routeBackends } from './backends.js';
import { grpcRules } from './grpc.js';
import { GrpcRoutes, httpRoutes, type Route, type RouteRule } from './kinds.js';
import { referencedKind, referencedRoute } from './reference.js';
import { routeRules } from './rules.js';

type Version = 'v1' | 'v1beta1';

/** Provider `gatewayapi:v1`: an HTTPRoute (or, by `spec.service.routeKind`, a GRPCRoute) generated from `spec.service`, or the route that `spec.routeRef` names. */
export const gatewayApiV1: RouterFactory = (context) => gatewayApiRouter(context, 'v1');

/** Provider `gatewayapi:v1beta1`: as v1, without timeouts, CORS and the primary's cookie; nothing waits for Accepted. */
export const gatewayApiV1beta1: RouterFactory = (context) => gatewayApiRouter(context, 'v1beta1');

function gatewayApiRouter(context: RouterContext, version: Version): Router {
  const { objects } = context;
  const read = (canary: Canary) => objects.read(generatedKind(canary, version), apexKey(canary));
  const everything = capabilitiesOf(`gatewayapi:${version}`);
  const generated = generatedRouter(context, {
    capabilities: ({ spec }) => (isGrpc(spec) ? { ...everything, sessionAffinity: false } : everything),
    watches: (canary) => [generatedKind(canary, version)],
    blueprints: (canary, desired) => [blueprint(canary, desired, version)],
    routes: (canary) => foundIn(canary, read(canary)?.spec?.rules ?? []),
    inForce(canary) {
      const route = read(canary);
      if (route && version === 'v1') requireAccepted(route);
    },
  });
  const weightsOnly = { weights: true, abTest: false, mirror: false };
  return {
    capabilities: (canary) => (drivesRoute(canary.spec) ? weightsOnly : generated.capabilities(canary)),
    watches: (canary) => (drivesRoute(canary.spec) ? [referencedKind(canary)] : generated.watches(canary)),
    sync: (canary, desired) =>
      drivesRoute(canary.spec)
        ? referencedRoute(objects, canary).sync(canary, desired)
        : replacing(objects, canary, version, () => generated.sync(canary, desired)),
    finalize: (canary) =>
      (drivesRoute(canary.spec) ? referencedRoute(objects, canary) : generated).finalize(canary),
  };
}

/**
 * `spec.service.routeKind` may change: the route of the other kind would claim the same host, and no gateway takes both.
 * It goes once its successor is there, or is not taken.
 */
async function replacing<T>(
  objects: Objects,
  canary: Canary,
  version: Version,
  sync: () => Promise<T>,
): Promise<T> {
  const isNew = objects.read(generatedKind(canary, version), apexKey(canary)) === undefined;
  try {
    const done = await sync();
    if (isNew) await removeOther(objects, canary, version);
    return done;
  } catch (error) {
    if (isRoutePending(error)) await removeOther(objects, canary, version);
    throw error;
  }
}

/** The route that perch made before for the same canary; one of the user's stays. */
async function removeOther(objects: Objects, canary: Canary, version: Version): Promise<void> {
  if (version !== 'v1') return;
  const kind: Kind<Route> = isGrpc(canary.spec) ? httpRoutes(version) : GrpcRoutes;
  const other = await objects.fetch(kind, apexKey(canary));
  if (other && isOwnedBy(canary, other)) await objects.remove(kind, apexKey(canary));
}

function isGrpc({ service }: Canary['spec']): boolean {
  return service?.routeKind === 'GRPCRoute';
}

/** GRPCRoute has no v1beta1. */
function generatedKind({ spec }: Canary, version: Version): Kind<Route> {
  return isGrpc(spec) ? GrpcRoutes : httpRoutes(version);
}

function blueprint(canary: Canary, desired: Routes, version: Version): Blueprint {
  const service = requireService(canary);
  const rules = routeRules(canary, service, desired, version);
  return {
    kind: generatedKind(canary, version),
    key: apexKey(canary),
    ...apexMetadata(canary),
    spec: {
      parentRefs: (service.gatewayRefs ?? []).map((ref) => ({
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        ...ref,
      })),
      ...(service.hosts?.length && { hostnames: [...service.hosts] }),
      rules: isGrpc(canary.spec) ? grpcRules(rules, service) : rules,
    },
    backends: routeBackends,
    ...(version === 'v1' && { isInForce: (live) => isAccepted(live as Route) }),
  };
}

function requireService({ spec }: Canary): CanaryService {
  if (spec.service?.gatewayRefs?.length) return spec.service;
  throw new PerchError({
    code: 'ROUTER_GATEWAY_MISSING',
    message: 'GatewayRefs must be specified when using Gateway API as a provider.',
    remedy:
      'list in spec.service.gatewayRefs the Gateways that the route attaches to, or name a route in spec.routeRef',
    path: 'spec.service.gatewayRefs',
  });
}

/** The rule with both backends: the first of an A/B test, else the last, since those before it are for cookies. */
function foundIn(canary: Canary, rules: readonly RouteRule[]): Routes | undefined {
  const names = serviceNames(canary);
  const rule = strategyOf(canary.spec) === 'ab-testing' ? rules[0] : rules.at(-1);
  const weightOf = (name: string) => rule?.backendRefs?.find((ref) => ref.name === name)?.weight;
  const mirrored = (rule?.filters ?? []).some(
    ({ requestMirror }) =>
      (requestMirror?.backendRef as { name?: string } | undefined)?.name === names.canary,
  );
  return sharesOf(weightOf(names.primary), weightOf(names.canary), mirrored);
}
