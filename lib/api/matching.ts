import type { AnalysisMatch, CanarySpec } from './canary.js';
import { type RouterName, routerName } from './providers.js';

/** One kind of condition of an A/B test. */
export type Condition = keyof AnalysisMatch;

const all: readonly Condition[] = ['headers', 'queryParams', 'sourceLabels'];
const requests: readonly Condition[] = ['headers', 'queryParams'];
const headers: readonly Condition[] = ['headers'];

/** What the routers that do A/B tests can look at; the others look at nothing. */
const looksAt: Readonly<Partial<Record<RouterName, readonly Condition[]>>> = {
  nginx: headers,
  'gatewayapi:v1': requests,
  'gatewayapi:v1beta1': requests,
  istio: all,
  contour: requests,
  gloo: requests,
  appmesh: headers,
  'appmesh:v1beta2': headers,
};

export interface Unheeded {
  /** Of the match in `spec.analysis.match`. */
  readonly index: number;
  readonly conditions: readonly Condition[];
  /** Nothing of the match is left, so that it would mean every request. */
  readonly whole: boolean;
  /** What the router can look at. */
  readonly known: readonly Condition[];
}

/** The conditions of an A/B test that the router cannot look at; none for routers without A/B tests. */
export function unheededConditions(
  provider: string,
  spec: Pick<CanarySpec, 'service' | 'analysis'>,
): Unheeded[] {
  const name = routerName(Object.keys(looksAt) as RouterName[], provider);
  if (name === undefined) return [];
  const grpc = name.startsWith('gatewayapi') && spec.service?.routeKind === 'GRPCRoute';
  const known = grpc ? headers : looksAt[name]!;
  return (spec.analysis.match ?? []).flatMap((match, index) => {
    const asked = all.filter((condition) => Object.keys(match[condition] ?? {}).length > 0);
    const conditions = asked.filter((condition) => !known.includes(condition));
    return conditions.length === 0
      ? []
      : [{ index, conditions, whole: conditions.length === asked.length, known }];
  });
}
