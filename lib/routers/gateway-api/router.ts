import type { Canary, CanaryService } from '../../api/canary.js';
import { drivesRoute, serviceNames, strategyOf } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import type { Kind } from '../../api/kinds.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Router, RouterContext, RouterFactory, Routes } from '../../ports/router.js';
import { apexKey, apexMetadata, type Blueprint } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';
import { requireAccepted } from './acceptance.js';
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
      (drivesRoute(canary.spec) ? referencedRoute(objects, canary) : generated).sync(canary, desired),
    finalize: (canary) =>
      (drivesRoute(canary.spec) ? referencedRoute(objects, canary) : generated).finalize(canary),
  };
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
