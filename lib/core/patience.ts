import type { CanaryStatus, Phase } from '../api/canary.js';
import { progressDeadlineSeconds } from '../api/defaults.js';
import type { Readiness } from './observation.js';
import { nextCheckAt } from './pace.js';
import type { Standing, WorkloadName } from './situation.js';
import { changeStatus, momentOf, preciseTimestamp } from './status.js';

/** Phases that somebody waits in for pods, and for nobody's word. */
const awaitingPods: readonly Phase[] = ['Progressing', 'WaitingPromotion', 'Promoting', 'Finalising'];

/**
 * Since when a run under way waits for pods or for its target, epoch ms: from its last transition while nothing in it
 * has been checked, later from when the status says that it is held up; undefined until that is written. The last
 * transition is no measure then: a run that is paused, or between two checks far apart, was served well since.
 */
export function waitingSince(status: CanaryStatus, now: number): number | undefined {
  const { notReadySince, lastCheckTime, paused, lastTransitionTime } = status;
  const noticed = notReadySince ?? (lastCheckTime === undefined && !paused ? lastTransitionTime : undefined);
  return momentOf(noticed, now);
}

/** Does a run go on in this phase as soon as pods are ready, and for no other word? */
export function awaitsPods({ phase = '' }: CanaryStatus): boolean {
  return awaitingPods.includes(phase);
}

/** When waiting ends, epoch ms; undefined while nobody knows since when the run waits. */
export function waitingUntil({ status, spec, now }: Standing): number | undefined {
  const since = awaitsPods(status) ? waitingSince(status, now) : undefined;
  return since === undefined ? undefined : since + progressDeadlineSeconds(spec) * 1000;
}

/** Phases that begin with a new template for the workload, or with its first pod. */
const begunBy: Readonly<Record<WorkloadName, readonly Phase[]>> = {
  canary: ['Progressing', 'WaitingPromotion'],
  primary: ['Promoting', 'Finalising'],
};

/** Readiness with an end to waiting, also of a workload that does not itself say how long it has been short of pods. */
export function limited(standing: Standing, workload: WorkloadName, readiness: Readiness): Readiness {
  if (readiness.ready) return readiness;
  const { retriable, deadlineAt: theirs } = readiness;
  const deadlineAt = theirs === undefined ? waitingUntil(standing) : wholeDeadline(standing, workload);
  if (deadlineAt === undefined || (theirs === undefined ? !retriable : theirs >= deadlineAt))
    return readiness;
  return { ...readiness, deadlineAt, retriable: standing.now < deadlineAt };
}

/**
 * The least time that a workload has which the phase has set going, epoch ms: its own times are those of another clock,
 * and may be those of the revision before. None once the run is held up.
 */
function wholeDeadline({ phase, status, spec, now }: Standing, workload: WorkloadName): number | undefined {
  if (!begunBy[workload].includes(phase) || status.notReadySince !== undefined) return undefined;
  const since = momentOf(status.lastTransitionTime, now);
  return since === undefined ? undefined : since + progressDeadlineSeconds(spec) * 1000;
}

/**
 * The status that remembers since when the run is held up, so that nobody who wakes the target up and puts it to sleep
 * again begins the deadline anew; undefined while nothing is held up, or when it is remembered already.
 */
export function noticeWaiting(standing: Standing): CanaryStatus | undefined {
  const { status, now } = standing;
  if (!awaitsPods(status) || waitingSince(status, now) !== undefined) return undefined;
  if (!status.paused && now < nextCheckAt(standing)) return undefined;
  const { noDataSince } = status;
  return changeStatus(standing, { notReadySince: preciseTimestamp(now), noDataSince });
}

/** Is the primary beyond waiting for? */
export function isPrimaryBroken(standing: Standing): boolean {
  const readiness = standing.primary && limited(standing, 'primary', standing.primary.readiness);
  return readiness !== undefined && !readiness.ready && !readiness.retriable;
}

/** Is it beyond waiting for, and not known to serve anybody meanwhile, as the pods of the version before may? */
export function isPrimaryLost(standing: Standing): boolean {
  return isPrimaryBroken(standing) && standing.primary?.isOut !== false;
}

/** Can the primary serve nobody, for now or for good? */
export function isPrimaryOut(standing: Standing): boolean {
  return standing.primary?.isOut === true || isPrimaryBroken(standing);
}
