import { announce, forgetNote, unsaid } from '../announcement.js';
import { askGate, askRollback } from '../checks/hooks.js';
import { unreadyPrimary, waitFor } from '../checks/readiness.js';
import type { Deciding, Decision, Effect } from '../decision.js';
import { confirmTarget, routeBy, scaleTarget, tell, upkeep, writeStatus } from '../effects.js';
import { isPrimaryOut } from '../patience.js';
import type { Reason } from '../reason.js';
import { canTakeAll, type Situation } from '../situation.js';
import {
  changeStatus,
  currentRevision,
  preciseTimestamp,
  type StatusChange,
  zeroCounters,
} from '../status.js';
import { rollBack } from './rollback.js';

/**
 * Starts a run once the gates of type confirm-rollout approve. A primary that is merely not ready yet is waited for;
 * one that is broken is not: the new revision may be what repairs it.
 */
export function* begin(situation: Situation): Deciding {
  if (situation.status.paused) return { effects: upkeep(situation), next: 'wait' };
  const unready = unreadyPrimary(situation);
  if (unready?.retriable && !situation.spec.skipAnalysis) return waitFor(situation, unready);
  if (situation.phase === 'Waiting') {
    const { hook, reasons } = yield* askRollback(situation);
    if (hook !== undefined) return decline(situation, hook, reasons);
  }
  const { passed, refusal } = yield* askGate(situation, 'confirm-rollout', situation.phase);
  if (!refusal) return start(situation, passed);
  return {
    effects: [...upkeep(situation), ...enterWaiting(situation, passed, refusal)],
    next: { afterMs: situation.intervalMs },
  };
}

/** A hook of type rollback wants what is waiting for approval not to be released. */
function decline(situation: Situation, hook: string, reasons: readonly Reason[]): Decision {
  return rollBack(situation, { code: 'rollbackByHook', hook }, reasons, currentRevision(situation));
}

/** A new revision during a run: traffic back to the primary, and from the beginning. */
export function restart(situation: Situation): Decision {
  const status = changeStatus(situation, {
    ...fresh(situation),
    // The condition stays as it is when the phase does, as in Flagger.
    ...(situation.phase === 'Progressing' ? {} : { phase: 'Progressing' }),
  });
  return {
    effects: [
      // one who sees the target late, and the status that another leader wrote, would undo what is under way
      confirmTarget(situation),
      writeStatus(status),
      routeBy(situation, status),
      scaleTarget('up'),
      ...tell({ code: 'restarted' }),
    ],
    next: 'again',
  };
}

function enterWaiting(
  situation: Situation,
  passed: readonly Reason[],
  { reason, muteAlert }: { reason: Reason; muteAlert: boolean },
): Effect[] {
  if (situation.phase === 'Waiting') return [];
  const note = muteAlert ? undefined : unsaid('confirm-rollout', situation.now);
  const status = changeStatus(situation, { phase: 'Waiting', unsaid: note });
  return [
    writeStatus(status),
    ...tell(...passed, reason),
    ...(note
      ? [announce(note, situation.spec), ...forgetNote({ ...situation, status, phase: 'Waiting' })]
      : []),
  ];
}

/** Starts a run; `passed` is said first. */
export function start(situation: Situation, passed: readonly Reason[]): Decision {
  const note = unsaid('newRevision', situation.now);
  const status = changeStatus(situation, { ...fresh(situation), phase: 'Progressing', unsaid: note });
  return {
    effects: [
      writeStatus(status),
      { type: 'ensurePrimary' },
      { type: 'ensureApex' },
      scaleTarget('up'),
      routeBy(situation, status),
      ...tell(...passed, { code: 'newRevision' }),
      announce(note, situation.spec),
    ],
    next: 'again',
  };
}

/**
 * Counters of a run that starts. After a failed promotion the canary serves everybody; as long as the primary cannot,
 * it goes on doing so, and the new revision is judged under that traffic.
 */
function fresh(situation: Situation): StatusChange {
  const { status, spec } = situation;
  const primaryIsOut = isPrimaryOut(situation) || (spec.skipAnalysis === true && unreadyPrimary(situation));
  const keeps = status.canaryWeight === 100 && canTakeAll(situation) && primaryIsOut;
  return {
    ...currentRevision(situation),
    ...zeroCounters,
    comparisons: undefined,
    ...(keeps
      ? { canaryWeight: 100, lastCheckTime: preciseTimestamp(situation.now) }
      : { lastCheckTime: undefined }),
  };
}
