import type { Condition, Deployment } from '../../../api/workloads.js';
import type { Readiness } from '../../../core/observation.js';

const WAITING = 'waiting for rollout to finish:';

/**
 * Is the newest template served by enough pods? A rollout that stands still is beyond hope once the Deployment says
 * so itself, or once it has had too few pods, or come no nearer to its end, for `deadlineSeconds`.
 * @param thresholdPercent share of the updated pods that must be available.
 */
export function deploymentReadiness(
  deployment: Deployment,
  deadlineSeconds: number,
  thresholdPercent: number,
  now: number,
): Readiness {
  const { status = {} } = deployment;
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    const message = `${WAITING} observed deployment generation less than desired generation`;
    // what it says is about the generation before: it may give a rollout under way more time, and never end one
    const deadlineAt = deadlineOf(deployment, deadlineSeconds) ?? now;
    return { ready: false, retriable: true, message, ...(deadlineAt > now ? { deadlineAt } : {}) };
  }
  if (conditionOf(deployment, 'Progressing')?.reason === 'ProgressDeadlineExceeded') {
    const message = `deployment "${deployment.metadata.name}" exceeded its progress deadline`;
    return { ready: false, retriable: false, message };
  }
  const shortfall = shortfallOf(deployment, thresholdPercent);
  if (!shortfall) return { ready: true };
  const deadlineAt = deadlineOf(deployment, deadlineSeconds);
  return {
    ready: false,
    retriable: deadlineAt === undefined || now < deadlineAt,
    message: `${WAITING} ${shortfall}`,
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
  };
}

function shortfallOf({ spec, status = {} }: Deployment, thresholdPercent: number): string | undefined {
  const { updatedReplicas: updated = 0, replicas: all = 0, availableReplicas: available = 0 } = status;
  const wanted = spec.replicas ?? 0;
  if (updated < wanted) return `${updated} out of ${wanted} new replicas have been updated`;
  if (all > updated) return `${all - updated} old replicas are pending termination`;
  // single precision, as Flagger reckons: 29 % of 100 pods are 28 in doubles
  const needed = Math.trunc(Math.fround(updated * Math.fround(thresholdPercent / 100)));
  if (available >= needed) return undefined;
  return `${available} of ${needed} (readyThreshold ${thresholdPercent}%) updated replicas are available`;
}

/**
 * The clock runs from when the Deployment came to have too few pods, or, while old pods still make up for the new ones,
 * from when its rollout last came nearer to its end. (Flagger leaves the second to the Deployment's own deadline.)
 */
function deadlineOf(deployment: Deployment, deadlineSeconds: number): number | undefined {
  const available = conditionOf(deployment, 'Available');
  const progressing = conditionOf(deployment, 'Progressing');
  if (!progressing || !available) return undefined;
  const short = available.status === 'False' && available.reason === 'MinimumReplicasUnavailable';
  const underWay = progressing.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable';
  if (!short && !underWay) return undefined;
  const since = Date.parse((short ? available : progressing).lastUpdateTime ?? '');
  return Number.isNaN(since) ? undefined : since + deadlineSeconds * 1000;
}

function conditionOf(deployment: Deployment, type: string): Condition | undefined {
  return deployment.status?.conditions?.find((condition) => condition.type === type);
}
