import type { Canary } from '../../api/canary.js';
import { apexName, isKnative } from '../../api/defaults.js';
import { type KnativeService, KnativeServices, primaryRevisionAnnotation } from '../../api/knative.js';
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
  const knative = knativeService(objects, canary);
  const primaryRevision = knative?.metadata.annotations?.[primaryRevisionAnnotation];
  return {
    name: canary.metadata.name ?? '',
    namespace: canary.metadata.namespace ?? '',
    target: targetRef.name,
    service: apexName(canary.spec),
    ingress: ingressRef?.name || targetRef.name,
    // what Envoy's series of a Knative Service are named after
    route: routeRef?.name || knative?.status?.latestCreatedRevisionName || targetRef.name,
    ...(primaryRevision && { primaryRevision }),
    interval,
    variables,
  };
}

function knativeService(objects: Objects, { metadata, spec }: Canary): KnativeService | undefined {
  if (!isKnative(spec.targetRef)) return undefined;
  return objects.read(KnativeServices, { namespace: metadata.namespace ?? '', name: spec.targetRef.name });
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
