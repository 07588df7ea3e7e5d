import { defineKind, type KubeObject } from '../../api/kinds.js';
import { traefik as dataPlane } from '../dataPlanes/traefik.js';
import type { Backend, RouterModel, View } from './model.js';
import { shared } from './shares.js';
import { readRule } from './traefikRules.js';

interface ServiceRef {
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number | string;
  readonly weight?: number;
}

interface TraefikService extends KubeObject {
  readonly spec?: { readonly weighted?: { readonly services?: readonly ServiceRef[] } };
}

interface IngressRoute extends KubeObject {
  readonly spec?: {
    readonly routes?: readonly {
      readonly match: string;
      readonly priority?: number;
      readonly services?: readonly ServiceRef[];
    }[];
  };
}

const group = 'traefik.io';
const TraefikServices = defineKind<TraefikService>(group, 'v1alpha1', 'TraefikService', 'traefikservices');
const IngressRoutes = defineKind<IngressRoute>(group, 'v1alpha1', 'IngressRoute', 'ingressroutes');

/** IngressRoutes, of which the longest rule that takes a request wins, and the weighted TraefikServices that they lead to. */
export const traefik: RouterModel = {
  kinds: [TraefikServices, IngressRoutes],
  dataPlanes: [dataPlane],
  route({ list }, request) {
    if (request.service) return undefined;
    const routes = list(IngressRoutes).flatMap(({ metadata, spec }) =>
      (spec?.routes ?? []).map((route) => ({ ...route, namespace: metadata.namespace ?? '' })),
    );
    const rank = ({ priority, match }: { priority?: number; match: string }) => priority || match.length;
    const [chosen] = routes
      .filter(({ match }) => readRule(match).takes(request))
      .toSorted((a, b) => rank(b) - rank(a));
    return chosen && split(list, chosen.services ?? [], chosen.namespace);
  },
  door: {
    kind: IngressRoutes,
    required: 'an IngressRoute that leads to the TraefikService',
    hosts: ({ spec }: IngressRoute) => (spec?.routes ?? []).flatMap(({ match }) => readRule(match).hosts),
    leadsTo: ({ spec }: IngressRoute) =>
      (spec?.routes ?? []).flatMap(({ services = [] }) => services.map(({ name }) => name)),
  },
};

/** A weight that is not written counts as 1. */
function split(list: View['list'], services: readonly ServiceRef[], home: string): Backend[] {
  return shared(services, ({ weight = 1 }) => weight).flatMap(({ entry, share }) => {
    const namespace = entry.namespace || home;
    if (entry.kind !== 'TraefikService') return [backend(entry, namespace, share)];
    const found = list(TraefikServices).find(
      ({ metadata }) => metadata.name === entry.name && metadata.namespace === namespace,
    );
    const inner = split(list, found?.spec?.weighted?.services ?? [], namespace);
    return inner.map((one) => ({ ...one, share: share * one.share }));
  });
}

function backend({ name, port }: ServiceRef, namespace: string, share: number): Backend {
  const labels = { service: `${namespace}-${name}-${port}@kubernetescrd` };
  return { namespace, service: name, share, counts: [{ by: dataPlane, labels }] };
}
