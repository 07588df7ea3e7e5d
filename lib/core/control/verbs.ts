import type { ControlRequest, ControlVerb } from '../../api/canary.js';
import { unreadyCanary, unreadyPrimary } from '../checks/readiness.js';
import type { Deciding, Decision } from '../decision.js';
import { upkeep, writeStatus } from '../effects.js';
import { skipCheck } from '../phases/check.js';
import { copyToPrimary } from '../phases/promoting.js';
import { rollBack } from '../phases/rollback.js';
import { start } from '../phases/start.js';
import { haveConfigsMovedOn, isForeign, isSuperseded } from '../revision.js';
import type { Situation, Standing } from '../situation.js';
import { changeStatus, currentRevision, pausable, type StatusChange, timestamp } from '../status.js';
import { clampPercent } from '../weights.js';

/** What a request comes to, or why it comes to nothing. */
export type Verdict = Decision | { readonly refused: string };

type Verb = (standing: Standing, request: ControlRequest) => Verdict | Deciding<Verdict>;

/** Each verb, in every phase: what does not fit is refused with what would. */
export const verbs = { pause, resume, promote, abort, retry } as const satisfies Record<ControlVerb, Verb>;

/** No check and no step until somebody resumes. Pods that fail for good still end the run. */
function pause(standing: Standing, { by, reason }: ControlRequest): Verdict {
  const { phase, status, now } = standing;
  if (status.paused) return { refused: 'it is paused already' };
  if (!pausable.includes(phase)) return { refused: nothingToHold(standing) };
  const paused = { ...(by ? { by } : {}), ...(reason ? { reason } : {}), since: timestamp(now) };
  return { effects: [writeStatus(changeStatus(standing, { paused }))], next: 'again' };
}

function resume(standing: Standing): Verdict {
  if (!standing.status.paused) return { refused: 'it is not paused' };
  return { effects: [writeStatus(changeStatus(standing, { paused: undefined }))], next: 'again' };
}

/** One step without its check (the approval, while Waiting), or at once the whole promotion. Ends a pause. */
function* promote(standing: Standing, { full = false }: ControlRequest): Deciding<Verdict> {
  const situation = withTarget(standing);
  if (!situation) return { refused: 'its target cannot be used' };
  if (standing.phase === 'Failed') return { refused: 'the revision has failed, retry it first' };
  if (!pausable.includes(standing.phase)) return { refused: nothingToHold(standing) };
  const released = forget(situation, { paused: undefined });
  if (standing.phase === 'Waiting') {
    return full ? promoteAtOnce(forget(released, currentRevision(released))) : start(released, []);
  }
  if (isForeign(situation) || isSuperseded(situation)) {
    return { refused: 'a newer revision is about to take its place' };
  }
  if (full) return promoteAtOnce(released);
  const unready = unreadyCanary(situation);
  return unready ? { refused: unready.message } : yield* skipCheck(released);
}

/** The primary gets the new template now; a canary that is not ready loses its traffic if the primary can take it. */
function promoteAtOnce(situation: Situation): Decision {
  const weight = clampPercent(situation.status.canaryWeight);
  if (!unreadyCanary(situation)) return copyToPrimary(situation, []);
  return copyToPrimary(situation, [], weight === 100 && unreadyPrimary(situation) ? 100 : 0);
}

/** Back to the primary. What is still waiting for approval is declined. */
function abort(standing: Standing, { by = 'somebody', reason }: ControlRequest): Verdict {
  const { phase } = standing;
  if (phase === 'Promoting' || phase === 'Finalising') {
    return { refused: 'the primary is being updated already, release the previous revision instead' };
  }
  if (!pausable.includes(phase)) return { refused: nothingToHold(standing) };
  const situation = withTarget(standing);
  const declined = phase === 'Waiting' && situation ? currentRevision(situation) : {};
  const why = reason === undefined ? {} : { why: reason };
  return rollBack(standing, { code: 'aborted', by, ...why }, [], declined);
}

/** Forgets that the failed revision was looked at, so that it is released as a new one. */
function retry(standing: Standing): Verdict {
  const { phase, status } = standing;
  if (phase !== 'Failed') {
    return { refused: `only what has failed can be retried, and the phase is ${phase || 'not known yet'}` };
  }
  const situation = withTarget(standing);
  if (!situation) return { refused: 'its target cannot be used' };
  const promoted = status.lastPromotedSpec ?? '';
  if (promoted === '') {
    return { effects: [writeStatus(changeStatus(standing, { phase: 'Initializing' }))], next: 'again' };
  }
  if (promoted === situation.target.revision && !isSuperseded(situation) && !haveConfigsMovedOn(situation)) {
    return { refused: 'the target is at the revision that is promoted' };
  }
  const change = changeStatus(standing, { lastAppliedSpec: undefined });
  return { effects: [...upkeep(standing), writeStatus(change)], next: 'again' };
}

function nothingToHold({ phase }: Standing): string {
  return phase === 'Promoting' || phase === 'Finalising'
    ? 'the analysis is over and the primary is being updated'
    : `no release is under way, the phase is ${phase || 'not known yet'}`;
}

function withTarget(standing: Standing): Situation | undefined {
  return standing.target && { ...standing, target: standing.target };
}

function forget(situation: Situation, change: StatusChange): Situation {
  return { ...situation, status: { ...situation.status, ...change } as Situation['status'] };
}
