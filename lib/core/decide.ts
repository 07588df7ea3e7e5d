import type { Measurement, Phase } from '../api/canary.js';
import { settleNote, withNote } from './announcement.js';
import { chronicle } from './chronicle/chronicle.js';
import { overhear } from './chronicle/measured.js';
import { obey } from './control/obey.js';
import { pendingRequest } from './control/request.js';
import type { Deciding, Decision } from './decision.js';
import { tellSeldom, writeStatus } from './effects.js';
import type { Observation } from './observation.js';
import { noticeWaiting, waitingUntil } from './patience.js';
import { initialize, welcome } from './phases/initializing.js';
import { progress } from './phases/progressing.js';
import { finalise, promote } from './phases/promoting.js';
import { isRollingBack, resumeRollback, rollBack } from './phases/rollback.js';
import { recover, settle } from './phases/settled.js';
import { begin } from './phases/start.js';
import { keepFinalizer, terminate } from './phases/terminating.js';
import { redate } from './redate.js';
import { type Situation, type Standing, standingOf } from './situation.js';

const dayMs = 86_400_000;

const nothing: Decision = { effects: [], next: 'wait' };

/** Terminating and Terminated without a deletion: somebody wrote that by hand, and may write something else. */
function rest(): Decision {
  return nothing;
}

const phases = {
  '': welcome,
  Initializing: initialize,
  Initialized: settle,
  Waiting: begin,
  Progressing: progress,
  WaitingPromotion: progress,
  Promoting: promote,
  Finalising: finalise,
  Succeeded: settle,
  Failed: recover,
  Terminating: rest,
  Terminated: rest,
} as const satisfies Record<Phase, (situation: Situation) => Decision | Deciding>;

/**
 * What to do about a canary, from everything a decision may depend on: first what makes the world agree with the
 * status as it is, then the status that follows and what follows from it. Pure: facts that are not observed all the
 * time are yielded as questions. What is decided is also put on record, in the status writes that it leads to anyway.
 */
export function* decide(observation: Observation): Deciding {
  const measured: Measurement[] = [];
  const standing = standingOf(observation);
  const decision = yield* overhear(choose(observation, standing), measured);
  return chronicle(observation, withNote(standing, decision), measured);
}

function* choose(observation: Observation, standing: Standing): Deciding {
  const { canary } = observation;
  const { targetError = 'the target is not known', targetIsGone = false } = observation;
  const redated = redate(standing);
  if (redated) return redated;
  if (canary.metadata.deletionTimestamp !== undefined) return terminate(standing, targetError, targetIsGone);
  const kept = keepFinalizer(standing);
  if (kept) return kept;
  const settled = settleNote(standing);
  if (settled) return settled;
  const asked = pendingRequest(standing);
  // a rollback that was interrupted is finished first
  if (asked && !isRollingBack(standing)) return yield* obey(standing, asked);
  if (canary.spec.suspend) {
    return { effects: [tellSeldom({ code: 'suspended' }, dayMs)], next: 'wait' };
  }
  const { target } = standing;
  if (!target) return withoutTarget(standing, targetError);
  const decided = phases[standing.phase]({ ...standing, target });
  return 'effects' in decided ? decided : yield* decided;
}

/** A target that cannot be used is said once an interval; a run is given up after the progress deadline. */
function withoutTarget(standing: Standing, message: string): Decision {
  const { now, intervalMs } = standing;
  if (isRollingBack(standing)) return resumeRollback(standing);
  const deadlineAt = waitingUntil(standing);
  if (deadlineAt !== undefined && now >= deadlineAt) {
    return rollBack(standing, { code: 'targetLost', message });
  }
  const noticed = noticeWaiting(standing);
  return {
    effects: [
      ...(noticed ? [writeStatus(noticed)] : []),
      tellSeldom({ code: 'targetError', message }, intervalMs),
    ],
    next: { afterMs: Math.min(intervalMs, deadlineAt === undefined ? intervalMs : deadlineAt - now) },
  };
}
