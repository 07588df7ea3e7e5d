import { type Unready, unreadyCanary, unreadyPrimary, waitFor } from '../checks/readiness.js';
import type { Deciding, Decision } from '../decision.js';
import { upkeep, writeStatus } from '../effects.js';
import { nextCheckAt } from '../pace.js';
import { isPrimaryLost } from '../patience.js';
import { adoptRun, isForeign, isSuperseded } from '../revision.js';
import { canTakeAll, hasBegun, type Situation } from '../situation.js';
import { changeStatus } from '../status.js';
import { check } from './check.js';
import { untilDue } from './look.js';
import { copyToPrimary } from './promoting.js';
import { rollBack } from './rollback.js';
import { restart } from './start.js';

/** Progressing and WaitingPromotion: one check an interval, the first as soon as the canary is ready. */
export function* progress(situation: Situation): Deciding {
  if (isForeign(situation)) return adoptRun(situation);
  if (isSuperseded(situation)) return restart(situation);
  const failedChecks = situation.status.failedChecks ?? 0;
  if (failedChecks >= situation.threshold) {
    return rollBack(situation, { code: 'thresholdReached', failedChecks });
  }
  const unready = whoIsMissing(situation);
  if (unready) return unready.retriable ? waitFor(situation, unready) : abandon(situation, unready);
  if (situation.status.paused) return rest(situation);
  if (situation.spec.skipAnalysis) return skipToPromotion(situation);
  const dueMs = nextCheckAt(situation) - situation.now;
  if (dueMs > 0) return yield* untilDue(situation, dueMs);
  return yield* check(situation);
}

/** Paused, with all pods ready: nothing is held up by them any more. */
function rest(situation: Situation): Decision {
  const { notReadySince, noDataSince } = situation.status;
  const forgotten = notReadySince ? [writeStatus(changeStatus(situation, { noDataSince }))] : [];
  return { effects: [...upkeep(situation), ...forgotten], next: 'wait' };
}

/** The workload that must become ready before the run can go on. */
function whoIsMissing(situation: Situation): Unready | undefined {
  return missingPrimary(situation) ?? unreadyCanary(situation);
}

/**
 * The primary, as far as it matters: not when its traffic is all on the canary, and, when it is broken, neither before
 * the first step (the new revision may be its repair) nor while pods of an older version serve in it, nor where the
 * traffic could not be moved away from it anyway.
 */
function missingPrimary(situation: Situation): Unready | undefined {
  const unready = unreadyPrimary(situation);
  if (!unready || situation.spec.skipAnalysis) return undefined;
  if (!canTakeAll(situation)) return unready.retriable ? unready : undefined;
  if (situation.status.canaryWeight === 100) return undefined;
  if (unready.retriable) return unready;
  return hasBegun(situation.status) && isPrimaryLost(situation) ? unready : undefined;
}

function abandon(situation: Situation, { workload, message }: Unready): Decision {
  const code = workload === 'primary' ? 'primaryNotReady' : 'canaryNotReady';
  return rollBack(situation, { code: 'deadlineExceeded', message }, [{ code, message }]);
}

/** skipAnalysis: the traffic leaves the canary, unless the primary cannot take it before it has the new template. */
function skipToPromotion(situation: Situation): Decision {
  const stays = situation.status.canaryWeight === 100 && unreadyPrimary(situation) !== undefined;
  return copyToPrimary(situation, [], stays ? 100 : 0);
}
