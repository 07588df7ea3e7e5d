import type { Canary } from '../../api/canary.js';
import { apexName, isKnative } from '../../api/defaults.js';
import { KnativeServices } from '../../api/knative.js';
import type { Question } from '../../core/decision.js';
import type { QueryModel } from '../../ports/metrics.js';
import type { Objects } from '../../ports/objects.js';

export type MetricQuestion = Extract<Question, { type: 'metric' }>;

/** What the queries of a canary may name. */
export function queryModel(
  objects: Objects,
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
    route: routeRef?.name || newestRevision(objects, canary) || targetRef.name,
    interval,
    variables,
  };
}

/** What Envoy's series of a Knative Service are named after. */
function newestRevision(objects: Objects, { metadata, spec }: Canary): string | undefined {
  if (!isKnative(spec.targetRef)) return undefined;
  const key = { namespace: metadata.namespace ?? '', name: spec.targetRef.name };
  return objects.read(KnativeServices, key)?.status?.latestCreatedRevisionName;
}

export type BuiltinName = 'request-success-rate' | 'request-duration';

export function isBuiltin(name: string): name is BuiltinName {
  return name === 'request-success-rate' || name === 'request-duration';
}

/** As in Flagger: on Linkerd its own metrics answer, whatever objects route. */
export function metricsOf({ spec }: Canary, meshProvider: string): string {
  if (spec.provider && meshProvider.includes('linkerd')) return 'linkerd';
  return spec.provider || meshProvider;
}
