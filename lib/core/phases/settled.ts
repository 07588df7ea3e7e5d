import type { Deciding } from '../decision.js';
import { upkeep, writeStatus } from '../effects.js';
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
  return yield* settle(situation);
}
