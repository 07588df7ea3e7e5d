import type { AnalysisMatch, Canary, HeaderMatch } from '../../api/canary.js';
import { serviceNames, strategyOf } from '../../api/defaults.js';
import type { Routes } from '../../ports/router.js';
import type { Condition, ProxyRoute } from './kinds.js';

/**
 * The routes of the HTTPProxy. Contour takes all conditions of a route together and allows one prefix among them: so
 * each match of an A/B test is a route of its own, where Flagger puts all into one.
 */
export function proxyRoutes(canary: Canary, desired: Routes): ProxyRoute[] {
  const { match = [] } = canary.spec.analysis;
  const prefix = { prefix: canary.spec.service?.match?.[0]?.uri?.prefix || '/' };
  if (match.length === 0 || strategyOf(canary.spec) !== 'ab-testing') {
    return [routeOf(canary, [prefix], desired)];
  }
  return [
    ...match.map((one) => routeOf(canary, [prefix, ...conditionsOf(one)], desired)),
    routeOf(canary, [prefix], { primary: 100, canary: 0, mirrored: false }),
  ];
}

function routeOf(canary: Canary, conditions: readonly Condition[], desired: Routes): ProxyRoute {
  const { apex: _, ...names } = serviceNames(canary);
  const { timeout, retries, port = 80 } = canary.spec.service ?? {};
  const { namespace } = canary.metadata;
  const to = (name: string, weight: number) => ({
    name,
    port,
    weight,
    // for an ingress that is meshed by Linkerd
    requestHeadersPolicy: {
      set: [{ name: 'l5d-dst-override', value: `${name}.${namespace}.svc.cluster.local:${port}` }],
    },
  });
  return {
    conditions,
    ...(timeout && { timeoutPolicy: { response: timeout, idle: '5m' } }),
    ...(retries && {
      retryPolicy: {
        ...(retries.attempts !== undefined && { count: retries.attempts }),
        ...(retries.perTryTimeout && { perTryTimeout: retries.perTryTimeout }),
        ...(retries.retryOn && { retryOn: retries.retryOn.split(',') }),
      },
    }),
    services: [to(names.primary, desired.primary), to(names.canary, desired.canary)],
  };
}

function conditionsOf({ headers = {}, queryParams = {} }: AnalysisMatch): Condition[] {
  return [
    ...Object.entries(headers).map(([name, match]) => ({ header: { name, ...headerValue(match) } })),
    ...Object.entries(queryParams).map(([name, { exact, prefix, regex }]) => ({
      queryParameter: { name, ...(regex ? { regex } : prefix ? { prefix } : { exact: exact ?? '' }) },
    })),
  ];
}

/** A prefix or suffix is looked for anywhere, as in Flagger: Contour matches headers in no other way. */
function headerValue({
  exact,
  prefix,
  suffix,
  regex,
}: HeaderMatch): Omit<NonNullable<Condition['header']>, 'name'> {
  const contains = prefix || suffix;
  if (regex) return { regex };
  return contains ? { contains } : { exact: exact ?? '' };
}
