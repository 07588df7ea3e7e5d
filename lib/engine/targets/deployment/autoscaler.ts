import type { AutoscalerRef, Canary } from '../../../api/canary.js';
import { PerchError } from '../../../api/errors.js';
import { apiVersion } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import { type HorizontalPodAutoscaler, HorizontalPodAutoscalers } from '../../../api/workloads.js';
import type { Objects } from '../../../ports/objects.js';
import { createOnce, modify } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';
import { withoutToolkit } from '../labels.js';

/** The target's HorizontalPodAutoscaler; undefined when the canary names no autoscaler. */
export function targetAutoscaler(objects: Objects, canary: Canary): HorizontalPodAutoscaler | undefined {
  const ref = canary.spec.autoscalerRef;
  if (!ref) return undefined;
  const namespace = canary.metadata.namespace ?? '';
  if (ref.kind !== 'HorizontalPodAutoscaler') {
    throw new PerchError({
      code: 'ENGINE_AUTOSCALER_KIND',
      message: `expected spec.autoscalerRef.kind to be HorizontalPodAutoscaler, got ${ref.kind}`,
      remedy: 'name a HorizontalPodAutoscaler; other scalers are not supported by this version',
      path: 'spec.autoscalerRef.kind',
    });
  }
  const found = objects.read(HorizontalPodAutoscalers, { namespace, name: ref.name });
  if (found) return found;
  throw new PerchError({
    code: 'ENGINE_AUTOSCALER_NOT_FOUND',
    message: `HorizontalPodAutoscaler ${ref.name}.${namespace} get query error: horizontalpodautoscalers.autoscaling "${ref.name}" not found`,
    remedy: 'create it, or take autoscalerRef out of the Canary',
    path: 'spec.autoscalerRef.name',
  });
}

/** The primary's copy exists. */
export async function ensurePrimaryAutoscaler(
  objects: Objects,
  canary: Canary,
  primary: string,
): Promise<boolean> {
  const source = targetAutoscaler(objects, canary);
  const ref = canary.spec.autoscalerRef;
  if (!source || !ref) return false;
  const name = `${ref.name}-primary`;
  const key = { namespace: canary.metadata.namespace ?? '', name };
  if (objects.read(HorizontalPodAutoscalers, key)) return false;
  return createOnce(objects, HorizontalPodAutoscalers, {
    apiVersion: apiVersion(HorizontalPodAutoscalers),
    kind: HorizontalPodAutoscalers.kind,
    metadata: {
      name,
      namespace: key.namespace,
      labels: withoutToolkit(source.metadata.labels),
      ownerReferences: ownedBy(canary),
    },
    spec: {
      scaleTargetRef: { ...source.spec.scaleTargetRef, name: primary },
      ...scaling(source, ref),
    },
  });
}

/** The primary's copy has the settings of the target's. */
export async function promoteAutoscaler(objects: Objects, canary: Canary, primary: string): Promise<boolean> {
  const source = targetAutoscaler(objects, canary);
  const ref = canary.spec.autoscalerRef;
  if (!source || !ref) return false;
  const key = { namespace: canary.metadata.namespace ?? '', name: `${ref.name}-primary` };
  if (!objects.read(HorizontalPodAutoscalers, key)) return ensurePrimaryAutoscaler(objects, canary, primary);
  const settings = scaling(source, ref);
  return modify(objects, HorizontalPodAutoscalers, key, (live) => {
    const { minReplicas, maxReplicas, metrics, behavior } = live.spec;
    if (sameJson({ minReplicas, maxReplicas, metrics, behavior }, settings)) return undefined;
    const { status: _, ...rest } = live;
    return { ...rest, spec: { ...live.spec, ...settings } };
  });
}

function scaling({ spec }: HorizontalPodAutoscaler, { primaryScalerReplicas }: AutoscalerRef) {
  return {
    minReplicas: primaryScalerReplicas?.minReplicas ?? spec.minReplicas,
    maxReplicas: primaryScalerReplicas?.maxReplicas ?? spec.maxReplicas,
    metrics: spec.metrics,
    behavior: spec.behavior,
  };
}
