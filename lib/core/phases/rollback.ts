import type { CanaryStatus } from '../../api/canary.js';
import { unreadyCanary } from '../checks/readiness.js';
import { worseIn } from '../comparison/compare.js';
import type { Decision, Effect } from '../decision.js';
import { alert, routeBy, scaleTarget, tell, writeStatus } from '../effects.js';
import { isPrimaryOut } from '../patience.js';
import type { Reason, RollbackCause } from '../reason.js';
import { isSuperseded } from '../revision.js';
import { canTakeAll, isInitialized, type Situation, type Standing } from '../situation.js';
import {
  changeStatus,
  currentRevision,
  preciseTimestamp,
  type StatusChange,
  zeroCounters,
} from '../status.js';

/*
 * A rollback writes Failed first and keeps `lastCheckTime` (and the counters that name its cause) as the sign that it
 * is not finished; the last effect removes them. Whoever finds a Failed status with that sign carries on.
 */

/** Ends a run for `cause`: traffic back to the primary, target scaled down. `before` is said first. */
export function rollBack(
  standing: Standing,
  cause: RollbackCause,
  before: readonly Reason[] = [],
  change: StatusChange = {},
): Decision {
  return fail(standing, cause, before, { ...change, canaryWeight: refuge(standing) });
}

/** Gives the first primary up: the target goes on serving, untouched (Flagger scales it down, and the app with it). */
export function failInitialization(situation: Situation, message: string): Decision {
  const change = { ...currentRevision(situation), canaryWeight: 0 };
  return fail(
    situation,
    { code: 'deadlineExceeded', message },
    [{ code: 'primaryNotReady', message }],
    change,
  );
}

/**
 * Ends a run whose primary does not become ready: the canary, which passed, keeps (or gets) the traffic. One that is
 * another revision by now has passed nothing: while the primary serves anybody, it gets none.
 */
export function failPromotion(situation: Situation, message: string): Decision {
  const serves = unreadyCanary(situation) === undefined;
  const passed = !isSuperseded(situation) || situation.primary?.isOut === true;
  const kept = serves && canTakeAll(situation) ? 100 : (situation.status.canaryWeight ?? 0);
  const canaryWeight = passed ? kept : 0;
  return fail(situation, { code: 'promotionFailed', message }, [], { canaryWeight });
}

/** Goes on with a rollback that was interrupted; its cause is on record. */
export function resumeRollback(standing: Standing): Decision {
  const { status, threshold } = standing;
  const failedChecks = status.failedChecks ?? 0;
  const why = status.history?.at(-1)?.cause;
  const cause: RollbackCause =
    worseIn(standing) ??
    (failedChecks >= threshold
      ? { code: 'thresholdReached', failedChecks }
      : { code: 'rollbackResumed', ...(why === undefined ? {} : { why }) });
  return { effects: windDown(standing, status, cause, []), next: 'again' };
}

/** Is there a rollback to go on with? */
export function isRollingBack({ phase, status }: Standing): boolean {
  return phase === 'Failed' && status.lastCheckTime !== undefined;
}

/** Canary's share after a rollback: none, unless the primary serves nobody and the canary does. */
function refuge(standing: Standing): number {
  if (!standing.target || !canTakeAll(standing) || !isPrimaryOut(standing)) return 0;
  return unreadyCanary({ ...standing, target: standing.target }) ? 0 : 100;
}

function fail(
  standing: Standing,
  cause: RollbackCause,
  before: readonly Reason[],
  change: StatusChange,
): Decision {
  const lastCheckTime = preciseTimestamp(standing.now);
  const failing = changeStatus(standing, { ...change, phase: 'Failed', iterations: 0, lastCheckTime });
  return {
    effects: [writeStatus(failing), ...windDown(standing, failing, cause, before)],
    next: 'again',
  };
}

function windDown(
  standing: Standing,
  failing: CanaryStatus,
  cause: RollbackCause,
  before: readonly Reason[],
): Effect[] {
  const canaryWeight = failing.canaryWeight ?? 0;
  const settled = changeStatus(
    { ...standing, status: failing },
    { ...zeroCounters, canaryWeight, lastCheckTime: undefined, unsaid: undefined },
  );
  const severity = cause.code === 'rollbackByHook' || cause.code === 'aborted' ? 'warn' : 'error';
  const retreats = isInitialized({ ...standing, phase: 'Failed', status: failing });
  const sleeps = retreats && canaryWeight === 0;
  return [
    ...(retreats ? [routeBy(standing, failing)] : []),
    // said before the target goes down, which waits until no proxy sends it requests any more
    ...tell(...before, cause, ...(sleeps ? [{ code: 'canaryFailed' } as const] : [])),
    alert(cause, severity),
    ...(sleeps && standing.target ? [scaleTarget('zero')] : []),
    { type: 'count', outcome: 'failure', analysis: 'completed' },
    { type: 'postRollout', phase: 'Failed' },
    { type: 'awaitAlerts' },
    writeStatus(settled),
  ];
}
