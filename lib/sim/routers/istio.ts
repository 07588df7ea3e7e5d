import type { HttpMatch, StringMatch } from '../../api/canary.js';
import type { HttpRoute, RouteDestination, VirtualService } from '../../routers/istio/kinds.js';
import { type Backend, headerOf, matchesHostName } from './httpRoutes.js';
import type { RequestLine } from './routing.js';

/** Where a VirtualService sends a request: by the first route that matches. Undefined when none does. */
export function virtualServiceBackends(service: VirtualService, request: RequestLine): Backend[] | undefined {
  const { hosts = [], http = [], tcp = [] } = service.spec ?? {};
  const home = service.metadata.namespace ?? '';
  if (!hosts.some((host) => matchesHostName(host, request.host) || isShortName(host, home, request.host)))
    return undefined;
  const route = http.find((candidate) => takes(candidate, request)) ?? tcp[0];
  return route && split(route.route ?? [], home);
}

/** A name without a dot is a Service beside the VirtualService. */
function isShortName(host: string, namespace: string, asked: string): boolean {
  return (
    !host.includes('.') && [`${host}.${namespace}`, `${host}.${namespace}.svc.cluster.local`].includes(asked)
  );
}

/** Istio takes a single destination for all, whatever its weight. */
function split(destinations: readonly RouteDestination[], home: string): Backend[] {
  const total = destinations.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return destinations
    .filter(({ weight = 0 }) => destinations.length === 1 || weight > 0)
    .map(({ destination, weight = 0 }) => {
      const [service = '', namespace = home] = destination.host.split('.');
      return { namespace, service, share: destinations.length === 1 ? 1 : weight / total };
    });
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
