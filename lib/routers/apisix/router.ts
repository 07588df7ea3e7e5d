import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { unmanagedByToolkit } from '../../api/ownership.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Objects } from '../../ports/objects.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { copiedLabels } from '../generated/apexIngress.js';
import { type Blueprint, besideCanary } from '../generated/blueprint.js';
import { closingLeftovers, leftovers } from '../generated/leftovers.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';
import { mergePatch } from '../mergePatch.js';
import { type ApisixRoute, ApisixRoutes, type Backend, type HttpRule } from './kinds.js';

/** Higher than what users give: the copy wins over the route that it was copied from. */
const priority = 10_000;

/** Provider `apisix`: a copy of the rule that leads to the application, which comes first and splits the requests. */
export function apisixRouter(context: RouterContext): Router {
  const { objects } = context;
  const router = generatedRouter(context, {
    capabilities: () => capabilitiesOf('apisix'),
    watches: () => [ApisixRoutes],
    blueprints: (canary, desired) => [blueprint(canary, desired, readRoute(objects, canary))],
    routes(canary) {
      const names = serviceNames(canary);
      const copy = objects.read(ApisixRoutes, besideCanary(canary, copyName(canary)));
      const backends = copy?.spec?.http?.[0]?.backends ?? [];
      const weightOf = (name: string) => backends.find(({ serviceName }) => serviceName === name)?.weight;
      return sharesOf(weightOf(names.primary), weightOf(names.canary));
    },
  });
  return closingLeftovers(router, (canary) => closeLeftovers(objects, canary));
}

/** Copies of routes that the Canary named before send everybody to the primary. True when something was written. */
async function closeLeftovers(objects: Objects, canary: Canary): Promise<boolean> {
  let changed = false;
  for (const { metadata, spec } of leftovers(objects, ApisixRoutes, canary, [copyName(canary)])) {
    const http = spec?.http?.map(({ backends = [], ...rule }) => ({
      ...rule,
      backends: backends.map((backend, index) => ({ ...backend, weight: index === 0 ? 100 : 0 })),
    }));
    const patch = mergePatch({ spec: { http: spec?.http } }, { spec: { http } });
    if (patch === undefined) continue;
    await objects.patch(ApisixRoutes, besideCanary(canary, metadata.name!), 'merge', patch);
    changed = true;
  }
  return changed;
}

function copyName(canary: Canary): string {
  return `${canary.spec.routeRef?.name}-${serviceNames(canary).canary}`;
}

function readRoute(objects: Objects, canary: Canary): ApisixRoute {
  const name = canary.spec.routeRef?.name;
  if (!name) {
    throw new PerchError({
      code: 'ROUTER_ROUTE_REF_MISSING',
      message: 'apisix route selector is empty: provider apisix expects spec.routeRef, given none',
      remedy: 'set spec.routeRef to the ApisixRoute that leads to the application',
      path: 'spec.routeRef',
    });
  }
  const route = objects.read(ApisixRoutes, besideCanary(canary, name));
  if (route) return route;
  throw new PerchError({
    code: 'ROUTER_ROUTE_NOT_FOUND',
    message: `apisixroutes.apisix.apache.org "${name}" not found: expected ApisixRoute ${name} in namespace ${canary.metadata.namespace}`,
    remedy: 'create the route, or correct spec.routeRef.name; it has to be in the Canary’s namespace',
    path: 'spec.routeRef.name',
  });
}

/** The rest of the route's spec (its class, say) is copied too. */
function blueprint(canary: Canary, desired: Routes, route: ApisixRoute): Blueprint {
  const names = serviceNames(canary);
  const { rule, backend } = findRule(names.apex, route);
  const to = (serviceName: string, weight: number) => ({ ...backend, serviceName, weight });
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...annotations } =
    route.metadata.annotations ?? {};
  return {
    kind: ApisixRoutes,
    key: besideCanary(canary, copyName(canary)),
    ...(route.metadata.labels && { labels: copiedLabels(route.metadata.labels) }),
    annotations: { ...annotations, ...unmanagedByToolkit },
    spec: {
      ...route.spec,
      http: [
        {
          ...rule,
          priority,
          backends: [to(names.primary, desired.primary), to(names.canary, desired.canary)],
        },
      ],
    },
  };
}

function findRule(service: string, { metadata, spec }: ApisixRoute): { rule: HttpRule; backend: Backend } {
  const rules = spec?.http ?? [];
  const rule = rules.find(({ backends = [] }) => backends.some(({ serviceName }) => serviceName === service));
  const [backend, ...others] = rule?.backends ?? [];
  if (rule && backend && others.length === 0) return { rule, backend };
  const lists = rules.map(({ backends = [] }) =>
    backends.map(({ serviceName }) => serviceName).join(' and '),
  );
  throw new PerchError({
    code: 'ROUTER_BACKEND_NOT_FOUND',
    message: `expected a rule of ApisixRoute ${metadata.name} to lead to ${service} alone, its rules lead to ${lists.join(', ') || 'nothing'}`,
    remedy: `let a rule's only backend be Service ${service}`,
    path: 'spec.routeRef',
  });
}
