import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { apiVersion, type Kind } from '../../api/kinds.js';
import type { Objects } from '../../ports/objects.js';
import type { Router, Routes } from '../../ports/router.js';
import { besideCanary } from '../generated/blueprint.js';
import { sharesOf } from '../generated/shares.js';
import { requireAccepted } from './acceptance.js';
import { GrpcRoutes, httpRoutes, type Route } from './kinds.js';
import { releaseRule, type Shared, shared, shareIn, weightsOf } from './releaseRule.js';

/** The user's weights of each rule in which they were too coarse for a share, until they are not. */
const usersWeights = 'perch.dev/weights';
/** What Gateway API allows a weight to be. */
const mostWeight = 1_000_000;

/**
 * Drives a route that is the user's: of every rule that leads to the canary's Service and to the released one, the
 * weights of these two change, and nothing else as long as they can express the share. What each other backend gets
 * stays what the user gave it.
 */
export function referencedRoute(objects: Objects, canary: Canary): Pick<Router, 'sync' | 'finalize'> {
  const kind = referencedKind(canary);
  const set = async (desired: Routes): Promise<{ live: Route; changed: boolean }> => {
    const live = readRoute(objects, kind, canary);
    const rules = live.spec?.rules ?? [];
    const wanted = sharedRules(canary, live, desired.canary);
    if (wanted.every(({ rule }, index) => rule === rules[index])) return { live, changed: false };
    const { name, namespace, resourceVersion } = live.metadata;
    const coarse = wanted.some(({ users }) => users);
    const annotations = { [usersWeights]: wanted.map(({ users = [] }) => users.join()).join(';') };
    await objects.apply(kind, {
      apiVersion: apiVersion(kind),
      kind: kind.kind,
      // what is applied no more goes: the annotation is there while it is needed
      metadata: { name, namespace, resourceVersion, ...(coarse && { annotations }) },
      spec: { rules: wanted.map(({ rule }) => rule) },
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

function sharedRules(canary: Canary, live: Route, percent: number): Shared[] {
  const rules = live.spec?.rules ?? [];
  if (!rules.some((rule) => releaseRule(canary, rule))) throw noPair(canary, live);
  const noted = (live.metadata.annotations?.[usersWeights] ?? '').split(';');
  return rules.map((rule, index) => {
    const release = releaseRule(canary, rule);
    if (!release) return { rule };
    const wanted = shared(release, percent, noted[index]?.split(',').map(Number));
    const weights = weightsOf(wanted.rule);
    if (weights.some((weight) => weight > mostWeight)) throw inexact(canary, live, percent, wanted);
    return wanted;
  });
}

/** What the first rule with the pair says. */
function foundIn(canary: Canary, { spec }: Route): Routes | undefined {
  const [first] = (spec?.rules ?? []).flatMap((rule) => releaseRule(canary, rule) ?? []);
  const percent = first && shareIn(first);
  return percent === undefined ? undefined : sharesOf(100 - percent, percent);
}

function inexact(canary: Canary, { kind, metadata }: Route, percent: number, wanted: Shared): PerchError {
  const { canary: own } = serviceNames(canary);
  return new PerchError({
    code: 'ROUTER_SHARE_INEXACT',
    message: `expected weights of ${kind} ${metadata.name} of which ${own} can have ${percent} % of the release’s, given ${wanted.users?.join(', ')}: the smallest that express it, ${weightsOf(wanted.rule).join(', ')}, go beyond Gateway API’s ${mostWeight}`,
    remedy: 'give the backends of that rule smaller weights, such as 90, 10 and 0',
    path: 'spec.routeRef',
  });
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
