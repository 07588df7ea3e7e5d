import { unreadyPrimary } from '../checks/readiness.js';
import type { Deciding, Decision } from '../decision.js';
import { routeBy, scaleTarget, tell, upkeep, writeStatus } from '../effects.js';
import {
  adoptName,
  adoptSettled,
  isForeign,
  isNewRevision,
  isPromoted,
  isRenamed,
  lacksConfigs,
} from '../revision.js';
import type { Situation } from '../situation.js';
import { changeStatus, currentRevision } from '../status.js';
import { clampPercent } from '../weights.js';
import { retryInitialization } from './initializing.js';
import { announceSuccess, isUnannounced } from './promoting.js';
import { isRollingBack, resumeRollback } from './rollback.js';
import { begin } from './start.js';

/** Initialized and Succeeded: all traffic is on the primary, until there is a new revision. */
export function* settle(situation: Situation): Deciding {
  if (isUnannounced(situation)) return announceSuccess(situation);
  if (isForeign(situation)) return adoptSettled(situation);
  if (isRenamed(situation)) return adoptName(situation);
  if (isNewRevision(situation)) return yield* begin(situation);
  const adopted = lacksConfigs(situation)
    ? [writeStatus(changeStatus(situation, { trackedConfigs: currentRevision(situation).trackedConfigs }))]
    : [];
  return { effects: [...upkeep(situation), ...adopted], next: 'wait' };
}

/** Failed: a rollback that was interrupted is finished first. */
export function* recover(situation: Situation): Deciding {
  if (isRollingBack(situation)) return resumeRollback(situation);
  const { status, target } = situation;
  if ((status.lastPromotedSpec ?? '') === '') return retryInitialization(situation);
  const wentBack = isPromoted(situation) && target.revision !== status.lastAppliedSpec;
  if (wentBack && !isForeign(situation) && !isNewRevision(situation)) {
    // Remembered, so that the failed revision counts as new when it is asked for again.
    const adopted = changeStatus(situation, { lastAppliedSpec: target.revision });
    return { effects: [...upkeep(situation), writeStatus(adopted)], next: 'wait' };
  }
  if (isHealed(situation) && !isForeign(situation) && !isNewRevision(situation)) return giveBack(situation);
  return yield* settle(situation);
}

/** Is the primary, from which a rollback could not take the traffic back, there again with what was promoted last? */
function isHealed(situation: Situation): boolean {
  const { status, primary } = situation;
  const isOnCanary = clampPercent(status.canaryWeight) > 0;
  return isOnCanary && primary?.revision === status.lastPromotedSpec && !unreadyPrimary(situation);
}

/** What a rollback would have done. The status comes last: whoever stops before it finds the same to do. */
function giveBack(situation: Situation): Decision {
  const status = changeStatus(situation, { canaryWeight: 0 });
  return {
    effects: [
      { type: 'ensureApex' },
      routeBy(situation, status),
      scaleTarget('zero'),
      writeStatus(status),
      ...tell({ code: 'allToPrimary' }),
    ],
    next: 'again',
  };
}
