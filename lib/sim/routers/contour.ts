import type { KubeObject } from '../../api/kinds.js';
import { type Condition, HttpProxies, type ProxyRoute, type ProxySpec } from '../../routers/contour/kinds.js';
import { isValid } from '../../routers/contour/validity.js';
import { envoy } from '../dataPlanes/envoy.js';
import { headerOf, matchesHostName } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import type { Backend, RouterModel } from './model.js';
import { shared } from './shares.js';
import { requireReadable } from './unreadable.js';

interface Include {
  readonly name: string;
  readonly namespace?: string;
  readonly conditions?: readonly Condition[];
}

interface Proxy extends KubeObject {
  readonly spec?: ProxySpec & {
    readonly virtualhost?: { readonly fqdn: string };
    readonly includes?: readonly Include[];
  };
}

/** A route with the conditions of the proxies that include its own. */
interface Candidate {
  readonly namespace: string;
  readonly conditions: readonly Condition[];
  readonly route: ProxyRoute;
}

/** HTTPProxies: one with the host includes others, whose routes its Envoy takes by the most that a request has to fulfil. */
export const contour: RouterModel = {
  kinds: [HttpProxies],
  dataPlanes: [envoy],
  route({ list }, request) {
    if (request.service) return undefined;
    const proxies = list(HttpProxies) as readonly Proxy[];
    const root = proxies.find(
      ({ spec }) => spec?.virtualhost && matchesHostName(spec.virtualhost.fqdn, request.host),
    );
    const found =
      root &&
      candidates(root, proxies)
        .filter((one) => takes(one, request))
        .toSorted(byPrecedence)[0];
    return found && split(found);
  },
  door: {
    kind: HttpProxies,
    required: 'an HTTPProxy with a virtualhost that includes',
    hosts: ({ spec }: Proxy) => (spec?.virtualhost ? [spec.virtualhost.fqdn] : []),
    leadsTo: ({ spec }: Proxy) => (spec?.includes ?? []).map(({ name }) => name),
  },
  accepts: [
    {
      kind: HttpProxies,
      observed: (object) => (isValid(object as never) ? (object.metadata.generation ?? 0) : -1),
      status: ({ metadata: { generation: observedGeneration = 0 } }) => ({
        currentStatus: 'valid',
        conditions: [{ type: 'Valid', status: 'True', observedGeneration }],
      }),
    },
  ],
};

function candidates(
  { metadata, spec }: Proxy,
  all: readonly Proxy[],
  outer: readonly Condition[] = [],
  depth = 0,
): Candidate[] {
  const namespace = metadata.namespace ?? '';
  const own = (spec?.routes ?? []).map((route) => ({
    namespace,
    route,
    conditions: [...outer, ...(route.conditions ?? [])],
  }));
  // a proxy that includes itself is invalid
  if (depth > 8) return own;
  const included = (spec?.includes ?? []).flatMap((include) => {
    const home = include.namespace || namespace;
    const proxy = all.find((one) => one.metadata.name === include.name && one.metadata.namespace === home);
    return proxy ? candidates(proxy, all, [...outer, ...(include.conditions ?? [])], depth + 1) : [];
  });
  return [...own, ...included];
}

/** Prefixes of conditions are put together. */
function prefixOf({ conditions }: Candidate): string {
  const whole = conditions.map(({ prefix = '' }) => prefix).join('');
  return whole.replace(/\/+/g, '/') || '/';
}

function takes(candidate: Candidate, request: RequestLine): boolean {
  const [path = '/', query = ''] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  return (
    path.startsWith(prefixOf(candidate)) &&
    candidate.conditions.every(
      ({ header, queryParameter }) =>
        (!header || matchesValue(header, headerOf(request, header.name))) &&
        (!queryParameter || matchesValue(queryParameter, parameters.get(queryParameter.name) ?? undefined)),
    )
  );
}

function matchesValue(condition: NonNullable<Condition['header']>, given: string | undefined): boolean {
  requireReadable(condition, ['name', 'exact', 'contains', 'prefix', 'regex'], 'a condition of an HTTPProxy');
  const { exact, contains, prefix, regex } = condition;
  if (given === undefined) return false;
  if (exact !== undefined) return given === exact;
  if (contains !== undefined) return given.includes(contains);
  if (prefix !== undefined) return given.startsWith(prefix);
  return regex === undefined || new RegExp(`^(?:${regex})$`).test(given);
}

/** The longest prefix first, then the most headers, then the most parameters. */
function byPrecedence(a: Candidate, b: Candidate): number {
  const many = (candidate: Candidate, field: 'header' | 'queryParameter') =>
    candidate.conditions.filter((condition) => condition[field]).length;
  return (
    prefixOf(b).length - prefixOf(a).length ||
    many(b, 'header') - many(a, 'header') ||
    many(b, 'queryParameter') - many(a, 'queryParameter')
  );
}

function split({ namespace, route: { services = [] } }: Candidate): Backend[] {
  // where none has a weight all are alike
  const alike = services.every(({ weight = 0 }) => weight === 0);
  return shared(services, ({ weight = 0 }) => (alike ? 1 : weight)).map(
    ({ entry: { name, port }, share }) => ({
      ...{ namespace, service: name, port, share },
      counts: [{ by: envoy, labels: { envoy_cluster_name: `${namespace}_${name}_${port}` } }],
    }),
  );
}
