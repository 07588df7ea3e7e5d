import type { CanaryService, CorsPolicy, Headers } from '../../api/canary.js';
import { readDuration } from '../../api/duration.js';
import type { HeaderFilter, HeaderValue, RouteFilter } from './kinds.js';

/** What happens to requests on their way, in Flagger's order. CORS came with v1. */
export function serviceFilters(service: CanaryService, version: 'v1' | 'v1beta1'): RouteFilter[] {
  const { headers, rewrite, mirror = [], corsPolicy } = service;
  return [
    ...headerFilters(headers),
    ...(rewrite ? rewriteFilters(rewrite) : []),
    ...mirror.flatMap(({ backendRef }) => (backendRef ? [mirrorTo(backendRef)] : [])),
    ...(corsPolicy && version === 'v1' ? [{ type: 'CORS', cors: cors(corsPolicy) }] : []),
  ];
}

export function mirrorTo(backend: {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  port?: number;
}): RouteFilter {
  return {
    type: 'RequestMirror',
    requestMirror: { backendRef: { group: '', kind: 'Service', ...backend } },
  };
}

/** Adds a header to what is answered. */
export function answerWith(name: string, value: string): RouteFilter {
  return { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name, value }] } };
}

/** The same with a header more in what is answered; a rule may have one filter of that type. */
export function alsoAnswerWith(filters: readonly RouteFilter[], name: string, value: string): RouteFilter[] {
  const known = filters.find(({ responseHeaderModifier }) => responseHeaderModifier);
  if (!known) return [...filters, answerWith(name, value)];
  const { add = [], ...rest } = known.responseHeaderModifier ?? {};
  const responseHeaderModifier = { ...rest, add: [...add, { name, value }] };
  return filters.map((filter) => (filter === known ? { ...filter, responseHeaderModifier } : filter));
}

function headerFilters({ request, response }: Headers = {}): RouteFilter[] {
  return [
    ...(request ? [{ type: 'RequestHeaderModifier', requestHeaderModifier: headerFilter(request) }] : []),
    ...(response ? [{ type: 'ResponseHeaderModifier', responseHeaderModifier: headerFilter(response) }] : []),
  ];
}

function headerFilter({ add, set, remove }: NonNullable<Headers['request']>): HeaderFilter {
  return {
    ...(add && { add: sorted(add) }),
    ...(set && { set: sorted(set) }),
    ...(remove && { remove: [...remove] }),
  };
}

function sorted(headers: Readonly<Record<string, string>>): HeaderValue[] {
  return Object.keys(headers)
    .sort()
    .map((name) => ({ name, value: headers[name]! }));
}

function rewriteFilters({ uri, authority, type }: NonNullable<CanaryService['rewrite']>): RouteFilter[] {
  if (!uri && !authority) return [];
  const path =
    type === 'ReplacePrefixMatch'
      ? { type: 'ReplacePrefixMatch', replacePrefixMatch: uri }
      : { type: 'ReplaceFullPath', replaceFullPath: uri };
  return [
    { type: 'URLRewrite', urlRewrite: { ...(authority && { hostname: authority }), ...(uri && { path }) } },
  ];
}

/** `allowOrigins` by prefix or expression has no counterpart and is left out, as by Flagger. */
function cors(policy: CorsPolicy): object {
  const { allowOrigin, allowOrigins = [], allowMethods, allowHeaders, exposeHeaders } = policy;
  const origins = [...(allowOrigin ?? []), ...allowOrigins.flatMap(({ exact }) => (exact ? [exact] : []))];
  const maxAgeMs = readDuration(policy.maxAge ?? '');
  return {
    ...(origins.length > 0 && { allowOrigins: origins }),
    ...(allowMethods && { allowMethods: [...allowMethods] }),
    ...(allowHeaders && { allowHeaders: [...allowHeaders] }),
    ...(exposeHeaders && { exposeHeaders: [...exposeHeaders] }),
    ...(policy.allowCredentials !== undefined && { allowCredentials: policy.allowCredentials }),
    ...(maxAgeMs && { maxAge: Math.floor(maxAgeMs / 1000) }),
  };
}
