import type { Canary, CanaryService } from '../../../api/canary.js';
import { readyThresholds } from '../../../api/defaults.js';
import { PerchError } from '../../../api/errors.js';
import type { Kind } from '../../../api/kinds.js';
import type { Workload } from '../../../api/workloads.js';
import type { PrimaryObservation, TargetObservation } from '../../../core/observation.js';
import { advisedText } from '../../errorText.js';
import { readChecksums } from '../configs/bookmark.js';
import type { Checksums } from '../configs/tracker.js';
import { revisionOf } from '../revision.js';
import { scalerOf } from '../scaler/registry.js';
import type { TargetContext, TargetView } from '../target.js';
import { isInPrimary } from './likeness.js';
import { configsAnnotation, revisionAnnotation } from './primary.js';
import { podSelector } from './selector.js';
import type { WorkloadTraits } from './traits.js';

/** The target as it is, or why it cannot be released. */
export async function viewOfTarget<W extends Workload>(
  context: TargetContext,
  traits: WorkloadTraits<W>,
  canary: Canary,
  now: number,
  workload: W | undefined,
): Promise<Omit<TargetView, 'primary'>> {
  const { configs, objects, selectorLabels } = context;
  let trackedConfigs: Checksums | undefined;
  try {
    if (!workload) throw targetNotFound(canary, traits.kind);
    requireService(canary);
    traits.check(workload);
    podSelector(traits.kind, workload, selectorLabels);
    scalerOf(canary)?.check(objects, canary);
    trackedConfigs = await configs.observe(canary, workload.spec.template);
  } catch (error) {
    if (error instanceof PerchError) {
      return { targetError: advisedText(error), ...(workload ? {} : { targetIsGone: true }) };
    }
    throw error;
  }
  const threshold = readyThresholds(canary.spec.analysis).canary;
  const revision = revisionOf(traits.template(workload));
  const target: TargetObservation = {
    revision,
    ...((await isInPrimary(context, traits, canary, revision, trackedConfigs)) ? { isInPrimary: true } : {}),
    readiness: traits.readiness(canary, workload, threshold, now),
    ...(trackedConfigs ? { trackedConfigs } : {}),
    scaledToZero: traits.isAsleep(workload),
    ...imageOf(workload),
  };
  return { target };
}

/** The primary as it is; nothing when there is none. */
export function viewOfPrimary<W extends Workload>(
  traits: WorkloadTraits<W>,
  canary: Canary,
  now: number,
  workload: W | undefined,
): Pick<TargetView, 'primary'> {
  if (!workload) return {};
  const threshold = readyThresholds(canary.spec.analysis).primary;
  const { [revisionAnnotation]: revision, [configsAnnotation]: configs } =
    workload.metadata.annotations ?? {};
  const primary: PrimaryObservation = {
    readiness: traits.readiness(canary, workload, threshold, now),
    isOut: traits.available(workload) === 0,
    ...(revision ? { revision } : {}),
    ...(configs === undefined ? {} : { trackedConfigs: readChecksums(configs) }),
    ...imageOf(workload),
  };
  return { primary };
}

function imageOf({ spec }: Workload): { image?: string } {
  const image = spec.template.spec.containers[0]?.image;
  return image ? { image } : {};
}

export function requireService(canary: Canary): CanaryService {
  if (canary.spec.service) return canary.spec.service;
  throw new PerchError({
    code: 'ENGINE_SERVICE_MISSING',
    message: `expected spec.service with a port, as the target is a ${canary.spec.targetRef.kind}, got none`,
    remedy: 'add spec.service.port, the port that clients use',
    path: 'spec.service',
  });
}

export function targetNotFound(canary: Canary, kind: Kind): PerchError {
  const { name } = canary.spec.targetRef;
  const plural = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
  return new PerchError({
    code: 'ENGINE_TARGET_NOT_FOUND',
    message: `${kind.kind.toLowerCase()} ${name}.${canary.metadata.namespace} get query error: ${plural} "${name}" not found`,
    remedy: `create the ${kind.kind} in the canary's namespace, or correct spec.targetRef.name`,
    path: 'spec.targetRef.name',
  });
}
