import type { Route, RouteMatch, RouteRule, ValueMatch } from '../../routers/gateway-api/kinds.js';
import { headerOf, matchesHostName, matchesPrefix } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import type { Backend } from './model.js';
import { shared } from './shares.js';

/**
 * Where an HTTPRoute sends a request, by the precedence that Gateway API prescribes: exact path, then the longest
 * prefix, then method, most headers, most parameters, and of equals the first. Undefined when no rule takes it.
 */
export function httpRouteBackends(route: Route, request: RequestLine): Backend[] | undefined {
  const hostnames = route.spec?.hostnames ?? [];
  if (hostnames.length > 0 && !hostnames.some((hostname) => matchesHostName(hostname, request.host)))
    return undefined;
  const chosen = (route.spec?.rules ?? [])
    .flatMap((rule) => (rule.matches ?? [{}]).map((match) => ({ rule, match })))
    .filter(({ match }) => matches(match, request))
    .toSorted((a, b) => compare(precedence(b.match), precedence(a.match)))[0];
  return chosen && split(chosen.rule, route.metadata.namespace ?? '');
}

function split({ backendRefs = [] }: RouteRule, home: string): Backend[] {
  return shared(backendRefs, ({ weight = 1 }) => weight).map(
    ({ entry: { name, namespace = home, port }, share }) => ({
      ...{ namespace, service: name, share },
      ...(port !== undefined && { port }),
    }),
  );
}

function precedence({ path, method, headers = [], queryParams = [] }: RouteMatch): number[] {
  const exact = path?.type === 'Exact' ? 1 : 0;
  return [exact, (path?.value ?? '/').length, method ? 1 : 0, headers.length, queryParams.length];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : a[index]! - b[index]!;
}

function matches(
  { path, method, headers = [], queryParams = [] }: RouteMatch,
  request: RequestLine,
): boolean {
  const [asked = '/', query = ''] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  return (
    matchesPath(path, asked) &&
    (method === undefined || method === (request.method ?? 'GET')) &&
    headers.every((header) => matchesValue(header, headerOf(request, header.name))) &&
    queryParams.every((parameter) => matchesValue(parameter, parameters.get(parameter.name) ?? undefined))
  );
}

function matchesPath(path: RouteMatch['path'], asked: string): boolean {
  if (!path) return true;
  if (path.type === 'Exact') return asked === path.value;
  if (path.type === 'RegularExpression') return new RegExp(`^(?:${path.value})$`).test(asked);
  return matchesPrefix(path.value, asked);
}

function matchesValue({ type, value }: ValueMatch, given: string | undefined): boolean {
  if (given === undefined) return false;
  return type === 'RegularExpression' ? new RegExp(`^(?:${value})$`).test(given) : given === value;
}
