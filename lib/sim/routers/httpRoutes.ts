import type { Route, RouteMatch, RouteRule, ValueMatch } from '../../routers/gateway-api/kinds.js';
import type { RequestLine } from './routing.js';

/** A Service that a share of the requests goes to. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port?: number;
  /** 0 to 1. */
  readonly share: number;
}

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

export function matchesHostName(pattern: string, host: string): boolean {
  return pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}

function split({ backendRefs = [] }: RouteRule, home: string): Backend[] {
  const total = backendRefs.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return backendRefs
    .filter(({ weight = 1 }) => weight > 0)
    .map(({ name, namespace = home, port, weight = 1 }) => ({
      ...{ namespace, service: name, port },
      share: weight / total,
    }));
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
  const bare = path.value.replace(/\/$/, '');
  return asked === bare || asked.startsWith(`${bare}/`);
}

function matchesValue({ type, value }: ValueMatch, given: string | undefined): boolean {
  if (given === undefined) return false;
  return type === 'RegularExpression' ? new RegExp(`^(?:${value})$`).test(given) : given === value;
}

/** A header of the request; cookies are one header. */
export function headerOf({ headers = {}, cookies }: RequestLine, name: string): string | undefined {
  const given = headers[name.toLowerCase()];
  if (name.toLowerCase() !== 'cookie' || given !== undefined || !cookies) return given;
  return Object.entries(cookies)
    .map(([cookie, value]) => `${cookie}=${value}`)
    .join('; ');
}

/** A cookie of the request, told by itself or in the header. */
export function cookieOf(request: RequestLine, name: string): string | undefined {
  const given = request.cookies?.[name];
  if (given !== undefined) return given;
  const pairs = (headerOf(request, 'cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
