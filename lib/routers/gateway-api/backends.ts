import type { Backends } from '../generated/introduction.js';
import type { BackendRef, RouteRule, RouteSpec } from './kinds.js';

/** What the rules of an HTTPRoute or GRPCRoute lead to; a weight that is not said is 1. */
export const routeBackends: Backends<RouteSpec> = {
  named: ({ rules = [] }) => new Map(refsOf(rules).map((ref) => [identityOf(ref), shareOf(rules, ref)])),
  joined({ rules = [], ...rest }, other) {
    const known = new Set(refsOf(rules).map(identityOf));
    const added = distinct(refsOf(other.rules ?? [])).filter((ref) => !known.has(identityOf(ref)));
    const idle = added.map(({ filters: _, ...ref }) => ({ ...ref, weight: 0 }));
    return {
      ...rest,
      rules: rules.map((rule) =>
        rule.backendRefs?.length ? { ...rule, backendRefs: [...rule.backendRefs, ...idle] } : rule,
      ),
    };
  },
};

function refsOf(rules: readonly RouteRule[]): BackendRef[] {
  return rules.flatMap(({ backendRefs = [] }) => backendRefs);
}

function identityOf({ group = '', kind = 'Service', namespace = '', name, port = 0 }: BackendRef): string {
  return [group, kind, namespace, name, port].join('/');
}

function shareOf(rules: readonly RouteRule[], ref: BackendRef): number {
  const same = refsOf(rules).filter((one) => identityOf(one) === identityOf(ref));
  return Math.max(...same.map(({ weight = 1 }) => weight));
}

function distinct(refs: readonly BackendRef[]): BackendRef[] {
  return [...new Map(refs.map((ref) => [identityOf(ref), ref])).values()];
}
