import type { Canary } from '../../api/canary.js';
import { apexName } from '../../api/defaults.js';
import type { Question } from '../../core/decision.js';
import type { QueryModel } from '../../ports/metrics.js';

export type MetricQuestion = Extract<Question, { type: 'metric' }>;

/** What the queries of a canary may name. */
export function queryModel(
  canary: Canary,
  interval: string,
  variables: Readonly<Record<string, string>> = {},
): QueryModel {
  const { targetRef, ingressRef, routeRef } = canary.spec;
  return {
    name: canary.metadata.name ?? '',
    namespace: canary.metadata.namespace ?? '',
    target: targetRef.name,
    service: apexName(canary.spec),
    ingress: ingressRef?.name || targetRef.name,
    route: routeRef?.name || targetRef.name,
    interval,
    variables,
  };
}
