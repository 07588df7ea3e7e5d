import type { AutoscalerRef } from '../../../api/canary.js';
import { apiVersion } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import { type HorizontalPodAutoscaler, HorizontalPodAutoscalers } from '../../../api/workloads.js';
import { createOnce, modify } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';
import { withoutToolkit } from '../labels.js';
import { findScaler, requireScaler } from './reference.js';
import type { Scaler } from './scaler.js';

export const horizontalPodAutoscaler: Scaler = {
  kind: HorizontalPodAutoscalers,
  check: (objects, canary) => {
    requireScaler(objects, canary, HorizontalPodAutoscalers);
  },
  minReplicas: (objects, canary) =>
    Math.max(1, findScaler(objects, canary, HorizontalPodAutoscalers)?.source.spec.minReplicas ?? 1),
  // Kubernetes itself leaves a target with 0 replicas alone
  pause: async () => false,
  async ensurePrimary(objects, canary, primary) {
    const { source, ref, primaryKey } = requireScaler(objects, canary, HorizontalPodAutoscalers);
    if (objects.read(HorizontalPodAutoscalers, primaryKey)) return false;
    return createOnce(objects, HorizontalPodAutoscalers, {
      apiVersion: apiVersion(HorizontalPodAutoscalers),
      kind: HorizontalPodAutoscalers.kind,
      metadata: {
        ...primaryKey,
        labels: withoutToolkit(source.metadata.labels),
        ownerReferences: ownedBy(canary),
      },
      spec: {
        scaleTargetRef: { ...source.spec.scaleTargetRef, name: primary },
        ...scaling(source, ref),
      },
    });
  },
  async promote(objects, canary, primary) {
    const { source, ref, primaryKey } = requireScaler(objects, canary, HorizontalPodAutoscalers);
    if (!objects.read(HorizontalPodAutoscalers, primaryKey))
      return horizontalPodAutoscaler.ensurePrimary(objects, canary, primary);
    const settings = scaling(source, ref);
    return modify(objects, HorizontalPodAutoscalers, primaryKey, (live) => {
      const { minReplicas, maxReplicas, metrics, behavior } = live.spec;
      if (sameJson({ minReplicas, maxReplicas, metrics, behavior }, settings)) return undefined;
      const { status: _, ...rest } = live;
      return { ...rest, spec: { ...live.spec, ...settings } };
    });
  },
};

function scaling({ spec }: HorizontalPodAutoscaler, { primaryScalerReplicas }: AutoscalerRef) {
  return {
    minReplicas: primaryScalerReplicas?.minReplicas ?? spec.minReplicas,
    maxReplicas: primaryScalerReplicas?.maxReplicas ?? spec.maxReplicas,
    metrics: spec.metrics,
    behavior: spec.behavior,
  };
}
