import type { Condition, Deployment } from '../../api/workloads.js';
import { timestamp } from '../../core/status.js';
import type { PodCounts } from './rollout.js';

/** When the rollout last came nearer to its end, epoch ms. */
export interface Progress {
  readonly sinceMs: number;
}

function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  before: readonly Condition[],
  now: string,
): Condition {
  const old = before.find((entry) => entry.type === type);
  return {
    type,
    status,
    reason,
    message,
    lastUpdateTime: old?.reason === reason && old.message === message ? (old.lastUpdateTime ?? now) : now,
    lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? now) : now,
  };
}

function available(counts: PodCounts, minimum: number): [string, string, string] {
  return counts.currentAvailable + counts.oldAvailable >= minimum
    ? ['True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.']
    : ['False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'];
}

function progressing(
  name: string,
  complete: boolean,
  overdue: boolean,
  started: boolean,
): [string, string, string] {
  const set = `ReplicaSet "${name}"`;
  if (complete) return ['True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`];
  if (overdue) return ['False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`];
  if (started) return ['True', 'ReplicaSetUpdated', `${set} is progressing.`];
  return ['True', 'NewReplicaSetCreated', `Created new replica set "${name.replace(/"/g, '')}"`];
}

/** A rollout that once has ended is not timed again when the Deployment is only scaled. */
function hasEnded(before: readonly Condition[], replicaSet: string, counts: PodCounts): boolean {
  const old = before.find(({ type }) => type === 'Progressing');
  return (
    counts.old === 0 &&
    old?.reason === 'NewReplicaSetAvailable' &&
    (old.message ?? '').includes(`"${replicaSet}"`)
  );
}

/**
 * The status that the Deployment controller writes. Zero counts are absent, as in its JSON.
 * `replicaSet` names the newest template's pods.
 */
export function deploymentStatus(
  deployment: Deployment,
  replicaSet: string,
  counts: PodCounts,
  minimum: number,
  progress: Progress,
  nowMs: number,
): NonNullable<Deployment['status']> {
  const desired = deployment.spec.replicas ?? 1;
  const before = deployment.status?.conditions ?? [];
  const now = timestamp(nowMs);
  const availableNow = counts.currentAvailable + counts.oldAvailable;
  const complete =
    hasEnded(before, replicaSet, counts) ||
    (counts.current === desired && counts.currentAvailable === desired && counts.old === 0);
  const overdue = nowMs - progress.sinceMs >= (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const reported = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: counts.current + counts.old,
    updatedReplicas: counts.current,
    readyReplicas: counts.ready,
    availableReplicas: availableNow,
    unavailableReplicas: Math.max(0, counts.current + counts.old - availableNow, desired - availableNow),
  };
  return {
    ...Object.fromEntries(Object.entries(reported).filter(([, count]) => count > 0)),
    conditions: [
      condition('Available', ...available(counts, minimum), before, now),
      condition(
        'Progressing',
        ...progressing(replicaSet, complete, overdue, counts.current > 0),
        before,
        now,
      ),
    ],
  };
}
