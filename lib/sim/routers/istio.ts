import type { HttpMatch, StringMatch } from '../../api/canary.js';
import {
  DestinationRules,
  type HttpRoute,
  type RouteDestination,
  type VirtualService,
  VirtualServices,
} from '../../routers/istio/kinds.js';
import { istio as dataPlane } from '../dataPlanes/istio.js';
import { headerOf, matchesHostName } from '../models/matching.js';
import type { Ask, RequestLine } from '../models/request.js';
import type { Backend, RouterModel } from './model.js';
import { shared } from './shares.js';

interface Delegating extends HttpRoute {
  readonly delegate?: { readonly name: string; readonly namespace?: string };
}

/** VirtualServices, for the gateways' hosts and within the mesh: the first route that matches. */
export const istio: RouterModel = {
  kinds: [VirtualServices, DestinationRules],
  dataPlanes: [dataPlane],
  route({ list }, request) {
    const all = list(VirtualServices);
    const counts = [{ by: dataPlane, labels: {} }];
    for (const service of all) {
      const backends = isFor(service, request) ? backendsOf(service, all, request) : undefined;
      if (backends) return backends.map((backend) => ({ ...backend, counts }));
    }
    const asked = request.service;
    const isLedTo = all.some((service) => asked && leadsTo(service, asked));
    return asked && isLedTo
      ? [{ namespace: asked.namespace, service: asked.name, share: 1, counts }]
      : undefined;
  },
  door: {
    kind: VirtualServices,
    hosts: (object) => (object as VirtualService).spec?.hosts ?? [],
    leadsTo: (object) =>
      ((object as VirtualService).spec?.http ?? []).flatMap(
        ({ delegate }: Delegating) => delegate?.name ?? [],
      ),
  },
};

/** Where a VirtualService sends a request: by the first route that takes it. Undefined when none does. */
function backendsOf(
  { metadata, spec }: VirtualService,
  all: readonly VirtualService[],
  request: RequestLine,
): Backend[] | undefined {
  const { http = [], tcp = [] } = spec ?? {};
  const home = metadata.namespace ?? '';
  const route: Delegating | undefined = http.find((candidate) => takes(candidate, request)) ?? tcp[0];
  if (!route?.delegate) return route && split(route.route ?? [], home);
  const { name, namespace = home } = route.delegate;
  const delegated = all.find((one) => one.metadata.name === name && one.metadata.namespace === namespace);
  // Istio takes one level of them
  return delegated && backendsOf(delegated, [], request);
}

function isFor({ metadata, spec }: VirtualService, { host, service }: Ask): boolean {
  const { hosts = [], gateways = ['mesh'] } = spec ?? {};
  const home = metadata.namespace ?? '';
  if (!service)
    return hosts.some((one) => matchesHostName(one, host) || serviceOf(one, home).names.includes(host));
  if (!gateways.includes('mesh')) return false;
  return hosts.some((one) => isService(one, home, service));
}

function isService(host: string, home: string, { name, namespace }: NonNullable<Ask['service']>): boolean {
  const named = serviceOf(host, home);
  return named.name === name && named.namespace === namespace;
}

function leadsTo({ metadata, spec }: VirtualService, asked: NonNullable<Ask['service']>): boolean {
  const routes = [...(spec?.http ?? []), ...(spec?.tcp ?? [])].flatMap(({ route = [] }) => route);
  return routes.some(({ destination }) => isService(destination.host, metadata.namespace ?? '', asked));
}

/** A name without a dot is a Service beside the VirtualService. */
function serviceOf(host: string, home: string): { name: string; namespace: string; names: string[] } {
  const [name = '', namespace = home, ...rest] = host.split('.');
  const local = rest.length === 0 || rest[0] === 'svc';
  const names = host.includes('.') ? [] : [`${name}.${home}`, `${name}.${home}.svc.cluster.local`];
  return { name: local ? name : '', namespace, names };
}

/** Istio takes a single destination for all, whatever its weight. */
function split(destinations: readonly RouteDestination[], home: string): Backend[] {
  return shared(destinations, ({ weight = 0 }) => (destinations.length === 1 ? 1 : weight)).map(
    ({ entry: { destination }, share }) => {
      const { name, namespace } = serviceOf(destination.host, home);
      return { namespace, service: name, share };
    },
  );
}

function takes({ match = [] }: HttpRoute, request: RequestLine): boolean {
  return match.length === 0 || match.some((one) => matches(one, request));
}

function matches({ uri, method, headers = {}, queryParams = {} }: HttpMatch, request: RequestLine): boolean {
  const [path = '/', query = ''] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  return (
    matchesText(uri, path) &&
    matchesText(method, request.method ?? 'GET') &&
    Object.entries(headers).every(([name, match]) => matchesText(match, headerOf(request, name))) &&
    Object.entries(queryParams).every(([name, match]) =>
      matchesText(match, parameters.get(name) ?? undefined),
    )
  );
}

function matchesText(match: StringMatch | undefined, given: string | undefined): boolean {
  if (!match) return true;
  if (given === undefined) return false;
  if (match.exact !== undefined) return given === match.exact;
  if (match.prefix !== undefined) return given.startsWith(match.prefix);
  return match.regex === undefined || new RegExp(`^(?:${match.regex})$`).test(given);
}
