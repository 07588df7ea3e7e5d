import type { Canary, CanaryStatus } from '../../../api/canary.js';
import { progressDeadlineSeconds } from '../../../api/defaults.js';
import type { DaemonSet } from '../../../api/workloads.js';
import type { Readiness } from '../../../core/observation.js';
import { awaitsPods, waitingSince } from '../../../core/patience.js';

const WAITING = 'waiting for rollout to finish:';

/**
 * Do enough nodes run the newest template? A DaemonSet does not say how long it has been waiting, so that the deadline
 * counts from when the canary's status says that the run waits, outside of runs from its last transition, as in Flagger.
 * @param thresholdPercent share of the nodes whose pods must be available.
 */
export function daemonSetReadiness(
  canary: Canary,
  { metadata, status = {} }: DaemonSet,
  thresholdPercent: number,
  now: number,
): Readiness {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    const message = `${WAITING} observed daemonset generation less than desired generation`;
    return { ready: false, retriable: true, message };
  }
  const shortfall = shortfallOf(status, thresholdPercent);
  if (!shortfall) return { ready: true };
  const seconds = progressDeadlineSeconds(canary.spec);
  const since = sinceWhen(canary.status ?? {}, now);
  if (since === undefined) return { ready: false, retriable: true, message: `${WAITING} ${shortfall}` };
  const deadlineAt = since + seconds * 1000;
  if (now < deadlineAt) {
    return { ready: false, retriable: true, message: `${WAITING} ${shortfall}`, deadlineAt };
  }
  const message = `exceeded its progressDeadlineSeconds: ${seconds}`;
  return { ready: false, retriable: false, message };
}

function sinceWhen(status: CanaryStatus, now: number): number | undefined {
  if (awaitsPods(status)) return waitingSince(status, now);
  const since = Date.parse(status.lastTransitionTime ?? '');
  return Number.isNaN(since) ? undefined : since;
}

function shortfallOf(status: NonNullable<DaemonSet['status']>, thresholdPercent: number): string | undefined {
  const { desiredNumberScheduled: nodes = 0, updatedNumberScheduled: updated = 0 } = status;
  const available = status.numberAvailable ?? 0;
  if (updated < nodes) return `${updated} out of ${nodes} new pods have been updated`;
  // single precision, as Flagger reckons
  const needed = Math.trunc(Math.fround(nodes * Math.fround(thresholdPercent / 100)));
  return available < needed ? `${available} of ${needed} updated pods are available` : undefined;
}
