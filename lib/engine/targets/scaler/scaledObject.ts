import type { AutoscalerRef, Canary } from '../../../api/canary.js';
import { apiVersion } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import { type ScaledObject, ScaledObjects, type ScaledTrigger } from '../../../api/workloads.js';
import { createOnce, modify } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';
import { pick, withoutToolkit } from '../labels.js';
import { findScaler, requireScaler } from './reference.js';
import type { Scaler } from './scaler.js';

/** Tells KEDA to leave a workload at this number of pods. */
const PAUSED = 'autoscaling.keda.sh/paused-replicas';

/** Nothing by which KEDA is told to stop gets into a copy: the primary must go on being scaled. */
const isPause = (key: string) => key.startsWith('autoscaling.keda.sh/paused');

/** KEDA's ScaledObject. Fields that perch does not know are carried along. */
export const scaledObject: Scaler = {
  kind: ScaledObjects,
  check: (objects, canary) => {
    requireScaler(objects, canary, ScaledObjects);
  },
  minReplicas: (objects, canary) =>
    Math.max(1, findScaler(objects, canary, ScaledObjects)?.source.spec.minReplicaCount ?? 1),
  async pause(objects, canary, paused) {
    const found = findScaler(objects, canary, ScaledObjects);
    const value = paused ? '0' : undefined;
    if (!found || found.source.metadata.annotations?.[PAUSED] === value) return false;
    const metadata = { annotations: { [PAUSED]: value ?? null } };
    await objects.patch(ScaledObjects, found.key, 'merge', { metadata });
    return true;
  },
  async ensurePrimary(objects, canary, primary) {
    const { source, ref, primaryKey } = requireScaler(objects, canary, ScaledObjects);
    if (objects.read(ScaledObjects, primaryKey)) return false;
    const annotations = withoutToolkit(source.metadata.annotations);
    return createOnce(objects, ScaledObjects, {
      apiVersion: apiVersion(ScaledObjects),
      kind: ScaledObjects.kind,
      metadata: {
        ...primaryKey,
        labels: withoutToolkit(source.metadata.labels),
        annotations: pick(annotations, (key) => !isPause(key)),
        ownerReferences: ownedBy(canary),
      },
      spec: primarySpec(source, ref, canary, primary),
    });
  },
  async promote(objects, canary, primary) {
    const { source, ref, primaryKey } = requireScaler(objects, canary, ScaledObjects);
    if (!objects.read(ScaledObjects, primaryKey)) return scaledObject.ensurePrimary(objects, canary, primary);
    const spec = primarySpec(source, ref, canary, primary);
    return modify(objects, ScaledObjects, primaryKey, (live) => {
      const annotations = pick(live.metadata.annotations, (key) => !isPause(key));
      if (sameJson(live.spec, spec) && sameJson(live.metadata.annotations ?? {}, annotations))
        return undefined;
      const { status: _, ...rest } = live;
      return { ...rest, metadata: { ...live.metadata, annotations }, spec };
    });
  },
};

function primarySpec(
  { spec }: ScaledObject,
  ref: AutoscalerRef,
  canary: Canary,
  primary: string,
): ScaledObject['spec'] {
  const { primaryScalerReplicas: bounds, primaryScalerQueries: queries } = ref;
  const rename = renamer(canary.spec.targetRef.name);
  const { name, ...autoscaler } = spec.advanced?.horizontalPodAutoscalerConfig ?? {};
  return {
    ...spec,
    scaleTargetRef: { ...spec.scaleTargetRef, name: primary },
    ...(bounds?.minReplicas === undefined ? {} : { minReplicaCount: bounds.minReplicas }),
    ...(bounds?.maxReplicas === undefined ? {} : { maxReplicaCount: bounds.maxReplicas }),
    advanced: {
      ...spec.advanced,
      // the HorizontalPodAutoscaler that KEDA makes must be another one than the target's
      horizontalPodAutoscalerConfig: { ...autoscaler, ...(name ? { name: `${name}-primary` } : {}) },
    },
    triggers: (spec.triggers ?? []).map((trigger) => primaryTrigger(trigger, queries, rename)),
  };
}

/** The query that the canary gives for the trigger, else, where it gives none at all, one about the primary. */
function primaryTrigger(
  trigger: ScaledTrigger,
  queries: Readonly<Record<string, string>> | undefined,
  rename: (query: string) => string,
): ScaledTrigger {
  const query = trigger.metadata.query;
  const given = queries ? queries[trigger.name ?? ''] : query && rename(query);
  return given ? { ...trigger, metadata: { ...trigger.metadata, query: given } } : trigger;
}

/** Writes the primary's name for the target's, for `<target>-canary`, and leaves the primary's as it is. */
function renamer(target: string): (query: string) => string {
  const escaped = target.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const names = new RegExp(`${escaped}(-canary|-primary)?`, 'g');
  return (query) => query.replace(names, `${target}-primary`);
}
