import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { apiVersion, type Kind } from '../../api/kinds.js';
import type { Objects } from '../../ports/objects.js';
import type { Router, Routes } from '../../ports/router.js';
import { besideCanary } from '../generated/blueprint.js';
import { sharesOf } from '../generated/shares.js';
import { requireAccepted } from './acceptance.js';
import { type BackendRef, GrpcRoutes, httpRoutes, type Route, type RouteRule } from './kinds.js';

/**
 * Drives a route that is the user's: of every rule that leads to the canary's Service and to the released one, the
 * weights of these two change, and nothing else. What the two share between them stays what the user gave them.
 */
export function referencedRoute(objects: Objects, canary: Canary): Pick<Router, 'sync' | 'finalize'> {
  const kind = referencedKind(canary);
  const set = async (desired: Routes): Promise<{ live: Route; changed: boolean }> => {
    const live = readRoute(objects, kind, canary);
    const rules = live.spec?.rules ?? [];
    if (!rules.some((rule) => pairOf(canary, rule))) throw noPair(canary, live);
    const wanted = rules.map((rule) => weighted(canary, rule, desired.canary));
    if (wanted.every((rule, index) => rule === rules[index])) return { live, changed: false };
    const { name, namespace, resourceVersion } = live.metadata;
    await objects.apply(kind, {
      apiVersion: apiVersion(kind),
      kind: kind.kind,
      metadata: { name, namespace, resourceVersion },
      spec: { rules: wanted },
    });
    return { live, changed: true };
  };
  return {
    async sync(_, desired) {
      const { live, changed } = await set(desired);
      if (!changed) requireAccepted(live);
      return { found: foundIn(canary, live), changed };
    },
    async finalize() {
      await set({ primary: 100, canary: 0, mirrored: false });
    },
  };
}

/** Kind of the route that `spec.routeRef` names. */
export function referencedKind({ spec }: Canary): Kind<Route> {
  const { kind, apiVersion: version } = spec.routeRef!;
  if (kind === 'GRPCRoute') return GrpcRoutes;
  return httpRoutes(version.endsWith('/v1beta1') ? 'v1beta1' : 'v1');
}

function readRoute(objects: Objects, kind: Kind<Route>, canary: Canary): Route {
  const name = canary.spec.routeRef!.name;
  const live = objects.read(kind, besideCanary(canary, name));
  if (live) return live;
  throw new PerchError({
    code: 'ROUTER_ROUTE_NOT_FOUND',
    message: `${kind.plural}.${kind.group} "${name}" not found: expected ${kind.kind} ${name} in namespace ${canary.metadata.namespace}`,
    remedy: 'create the route, or correct spec.routeRef.name; it has to be in the Canary’s namespace',
    path: 'spec.routeRef.name',
  });
}

interface Pair {
  readonly stable: BackendRef;
  readonly canary: BackendRef;
  /** Weight that the two have together. */
  readonly total: number;
}

/** The two backends of a rule that are the release's; undefined for a rule that leads elsewhere. */
function pairOf(canary: Canary, { backendRefs = [] }: RouteRule): Pair | undefined {
  const names = serviceNames(canary);
  const home = canary.metadata.namespace;
  const find = (name: string) =>
    backendRefs.find(
      (ref) => ref.name === name && (ref.kind ?? 'Service') === 'Service' && (ref.namespace ?? home) === home,
    );
  const stable = find(names.primary) ?? find(names.apex);
  const own = find(names.canary);
  if (!stable || !own) return undefined;
  const sum = (stable.weight ?? 1) + (own.weight ?? 1);
  return { stable, canary: own, total: backendRefs.length === 2 || sum === 0 ? 100 : sum };
}

/** The rule with the canary's share of what the pair has; the same object when it has it already. */
function weighted(canary: Canary, rule: RouteRule, percent: number): RouteRule {
  const pair = pairOf(canary, rule);
  if (!pair) return rule;
  const own = Math.round((pair.total * percent) / 100);
  const weights = new Map([
    [pair.canary, own],
    [pair.stable, pair.total - own],
  ]);
  if ([...weights].every(([ref, weight]) => ref.weight === weight)) return rule;
  const backendRefs = rule.backendRefs!.map((ref) => {
    const weight = weights.get(ref);
    return weight === undefined ? ref : { ...ref, weight };
  });
  return { ...rule, backendRefs };
}

/** What the first rule with the pair says. */
function foundIn(canary: Canary, { spec }: Route): Routes | undefined {
  for (const rule of spec?.rules ?? []) {
    const pair = pairOf(canary, rule);
    if (!pair) continue;
    const { stable, canary: own, total } = pair;
    const percent = Math.round(((own.weight ?? 1) / total) * 100);
    return (stable.weight ?? 1) + (own.weight ?? 1) === total ? sharesOf(100 - percent, percent) : undefined;
  }
  return undefined;
}

function noPair(canary: Canary, { kind, metadata, spec }: Route): PerchError {
  const { apex, primary, canary: own } = serviceNames(canary);
  const backends = (spec?.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name));
  return new PerchError({
    code: 'ROUTER_BACKEND_NOT_FOUND',
    message: `expected a rule of ${kind} ${metadata.name} to lead to both ${primary} (or ${apex}) and ${own}, its rules lead to ${[...new Set(backends)].join(', ') || 'no Service at all'}`,
    remedy: `give a rule the backends ${apex} with weight 100 and ${own} with weight 0`,
    path: 'spec.routeRef',
  });
}
