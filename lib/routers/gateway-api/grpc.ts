import type { CanaryService } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import type { RouteMatch, RouteRule } from './kinds.js';

/** Fields of `spec.service` that a GRPCRoute has no counterpart for. */
const foreign = ['timeout', 'backendTimeout', 'rewrite', 'corsPolicy'] as const;

/** The same rules as a GRPCRoute has them: calls by service and method, where an HTTPRoute goes by path. */
export function grpcRules(rules: readonly RouteRule[], service: CanaryService): object[] {
  const field = foreign.find((name) => service[name] !== undefined);
  if (field) throw unsupported(`spec.service.${field}`, field, 'none');
  return rules.map(({ matches = [], ...rule }) => {
    const calls = matches.map(callMatch);
    const any = calls.some((call) => Object.keys(call).length === 0);
    return { ...(!any && calls.length > 0 && { matches: calls }), ...rule };
  });
}

/** Empty for every call. */
function callMatch({ path, headers, queryParams, method }: RouteMatch): object {
  const expected = 'headers, or the path of a call';
  if (queryParams) throw unsupported('spec.service.match', 'a query parameter', expected);
  if (method) throw unsupported('spec.service.match', `the method ${method}`, expected);
  const call = path && callOf(path);
  return { ...(call && { method: { type: 'Exact', ...call } }), ...(headers && { headers }) };
}

/** The service, or the service and its method, that a path stands for; undefined for all. */
function callOf({ type, value }: NonNullable<RouteMatch['path']>): object | undefined {
  if (type === 'PathPrefix' && value === '/') return undefined;
  const form = { PathPrefix: /^\/([^/]+)\/?$/, Exact: /^\/([^/]+)\/([^/]+)$/ }[type];
  const [, service, method] = form?.exec(value) ?? [];
  if (service) return { service, ...(method && { method }) };
  const expected = '`exact: /service/method` or `prefix: /service`';
  throw unsupported('spec.service.match', `${type} ${value}`, expected);
}

function unsupported(path: string, given: string, expected: string): PerchError {
  return new PerchError({
    code: 'ROUTER_GRPC_UNSUPPORTED',
    message: `expected of a GRPCRoute only what it can express (${expected}), got ${given}`,
    remedy: 'change it, or let an HTTPRoute be generated (no spec.service.routeKind), which carries gRPC too',
    path,
  });
}
