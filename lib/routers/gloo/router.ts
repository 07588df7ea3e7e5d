import type { Canary } from '../../api/canary.js';
import { serviceNames, strategyOf } from '../../api/defaults.js';
import { capabilitiesOf } from '../../api/providers.js';
import { Services } from '../../api/workloads.js';
import type { Objects } from '../../ports/objects.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { apexKey, apexMetadata, type Blueprint, besideCanary } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOfPrimary } from '../generated/shares.js';
import { RouteTables, type TableRoute, Upstreams } from './kinds.js';
import { matchersOf } from './matchers.js';

/** Provider `gloo`: an Upstream for each version and a RouteTable of the apex Service's name. */
export function glooRouter(context: RouterContext): Router {
  const { objects } = context;
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf('gloo'),
    watches: () => [Services, Upstreams, RouteTables],
    blueprints: (canary, desired) => [...upstreams(objects, canary), routeTable(canary, desired)],
    routes(canary) {
      const route = objects.read(RouteTables, apexKey(canary))?.spec?.routes?.[0];
      const name = upstreamName(canary, 'primary');
      const stable = route?.routeAction?.multi?.destinations?.find(
        ({ destination }) => destination.upstream.name === name,
      );
      return stable && sharesOfPrimary(stable.weight ?? 0);
    },
  });
}

function portOf({ spec }: Canary): number {
  return spec.service?.port ?? 80;
}

function upstreamName(canary: Canary, version: 'primary' | 'canary'): string {
  return `${canary.metadata.namespace}-${serviceNames(canary).apex}-${version}upstream-${portOf(canary)}`;
}

/** Settings that the generated Upstreams take over from the one that `spec.upstreamRef` names. */
const taken = [
  'sslConfig',
  'circuitBreakers',
  'connectionConfig',
  'loadBalancerConfig',
  'useHttp2',
  'initialStreamWindowSize',
  'initialConnectionWindowSize',
  'httpProxyHostName',
];

/** Gloo's discovery adds fields of its own, which stay. */
function upstreams(objects: Objects, canary: Canary): Blueprint[] {
  const names = serviceNames(canary);
  const { upstreamRef } = canary.spec;
  const namespace = canary.metadata.namespace ?? '';
  const template =
    upstreamRef &&
    objects.read(Upstreams, { namespace: upstreamRef.namespace || namespace, name: upstreamRef.name });
  const settings = Object.fromEntries(
    Object.entries(template?.spec ?? {}).filter(([field]) => taken.includes(field)),
  );
  return (['primary', 'canary'] as const).map((version) => {
    const serviceName = names[version];
    const selector = objects.read(Services, { namespace, name: serviceName })?.spec.selector;
    return {
      kind: Upstreams,
      key: besideCanary(canary, upstreamName(canary, version)),
      ...(template?.metadata.labels && { labels: template.metadata.labels }),
      spec: {
        ...settings,
        kube: {
          serviceName,
          serviceNamespace: namespace,
          servicePort: portOf(canary),
          ...(selector && { selector }),
        },
      },
      sharesSpec: true,
    };
  });
}

/** In an A/B test who does not match goes to the primary; Flagger leaves them without a route. */
function routeTable(canary: Canary, desired: Routes): Blueprint {
  const { match = [] } = canary.spec.analysis;
  const testing = match.length > 0 && strategyOf(canary.spec) === 'ab-testing';
  const split = routeOf(canary, desired);
  const routes = testing
    ? [
        { ...split, matchers: matchersOf(match) },
        routeOf(canary, { primary: 100, canary: 0, mirrored: false }),
      ]
    : [split];
  return { kind: RouteTables, key: apexKey(canary), ...apexMetadata(canary), spec: { routes } };
}

function routeOf(canary: Canary, { primary, canary: share }: Routes): TableRoute {
  const to = (version: 'primary' | 'canary', weight: number) => ({
    destination: {
      upstream: { name: upstreamName(canary, version), namespace: canary.metadata.namespace ?? '' },
    },
    weight,
  });
  return {
    inheritablePathMatchers: true,
    routeAction: { multi: { destinations: [to('primary', primary), to('canary', share)] } },
  };
}
