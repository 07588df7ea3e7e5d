import { unreadyPrimary, waitFor } from '../checks/readiness.js';
import type { Decision, Effect } from '../decision.js';
import { alert, confirmTarget, moveOn, scaleTarget, tell, upkeep, writeStatus } from '../effects.js';
import { checkTime, nextCheckAt, untilNext } from '../pace.js';
import { isPrimaryBroken } from '../patience.js';
import type { Reason } from '../reason.js';
import { adoptRun, isCopied, isForeign, isSuperseded } from '../revision.js';
import type { Situation } from '../situation.js';
import { changeStatus, preciseTimestamp } from '../status.js';
import { clampPercent, returningWeight } from '../weights.js';
import { failPromotion } from './rollback.js';
import { restart } from './start.js';

/** Enters Promoting: the primary gets the template that was checked; the traffic stays as it is, unless told. */
export function copyToPrimary(
  situation: Situation,
  said: readonly Reason[],
  canaryWeight = clampPercent(situation.status.canaryWeight),
): Decision {
  const status = changeStatus(situation, { phase: 'Promoting', canaryWeight, lastCheckTime: undefined });
  return {
    effects: [
      // who sees the target late has checked a newer version, and would promote the one that it knows
      confirmTarget(situation),
      ...moveOn(situation, status),
      copyTemplate(situation),
      ...tell(...said, { code: 'copying' }),
    ],
    next: 'again',
  };
}

/** Promoting: waits for the primary with its new template, then gives the traffic back to it. */
export function promote(situation: Situation): Decision {
  if (isForeign(situation)) return adoptRun(situation);
  const { status, spec } = situation;
  if (!isCopied(situation)) {
    if (isSuperseded(situation)) return restart(situation);
    return { effects: [...upkeep(situation), copyTemplate(situation)], next: 'wait' };
  }
  const weight = clampPercent(status.canaryWeight);
  if (spec.skipAnalysis && weight === 0) return succeed(situation, 'skipped');
  return awaitPrimary(situation) ?? giveBack(situation, weight);
}

/** Finalising: no traffic is on the target any more. */
export function finalise(situation: Situation): Decision {
  return awaitPrimary(situation) ?? succeed(situation, 'completed');
}

function copyTemplate({ status, target }: Situation): Effect {
  const { lastAppliedSpec: revision = target.revision, trackedConfigs: configs } = status;
  return { type: 'promote', revision, ...(configs ? { configs } : {}) };
}

/** Waiting for the primary, or the end of waiting; undefined when it is ready. */
function awaitPrimary(situation: Situation): Decision | undefined {
  const unready = unreadyPrimary(situation);
  if (!unready) return undefined;
  return isPrimaryBroken(situation) ? failPromotion(situation, unready.message) : waitFor(situation, unready);
}

/** All traffic to the primary, at once or by stepWeightPromotion, an interval apart. */
function giveBack(situation: Situation, weight: number): Decision {
  const { router, spec } = situation;
  const step = spec.analysis.stepWeightPromotion ?? 0;
  if (!router.weights) return enterFinalising(situation, []);
  if (step <= 0 || weight === 0) return enterFinalising(situation, [{ code: 'allToPrimary' }]);
  const untilDue = nextCheckAt(situation) - situation.now;
  if (untilDue > 0) return { effects: upkeep(situation), next: { afterMs: untilDue } };
  const canaryWeight = returningWeight(weight, step);
  const advanced: Reason = { code: 'primaryWeightAdvanced', weight: 100 - canaryWeight };
  if (canaryWeight === 0) return enterFinalising(situation, [advanced]);
  const lastCheckTime = checkTime(situation);
  const status = changeStatus(situation, { canaryWeight, lastCheckTime });
  return {
    effects: [...moveOn(situation, status), ...tell(advanced)],
    next: { afterMs: untilNext(situation, status) },
  };
}

function enterFinalising(situation: Situation, reasons: readonly Reason[]): Decision {
  const status = changeStatus(situation, { phase: 'Finalising', canaryWeight: 0, iterations: 0 });
  return {
    effects: [...moveOn(situation, status), ...tell(...reasons)],
    next: 'again',
  };
}

/**
 * The target down first, then the status: whoever finds Succeeded has nothing left to do but to say so. Like a rollback,
 * it keeps `lastCheckTime` as the sign that this has not been done yet.
 */
function succeed(situation: Situation, analysis: 'completed' | 'skipped'): Decision {
  const status = changeStatus(situation, {
    phase: 'Succeeded',
    canaryWeight: 0,
    iterations: 0,
    lastCheckTime: preciseTimestamp(situation.now),
  });
  return {
    effects: [
      ...upkeep({ ...situation, status, phase: 'Succeeded' }),
      scaleTarget('zero'),
      writeStatus(status),
      ...announce({ ...situation, status }, analysis),
    ],
    next: 'again',
  };
}

/** Has a promotion ended without its end having been said? */
export function isUnannounced({ phase, status }: Situation): boolean {
  return phase === 'Succeeded' && status.lastCheckTime !== undefined;
}

/** Says the end of a promotion that was interrupted before it could be said. */
export function announceSuccess(situation: Situation): Decision {
  const analysis = situation.spec.skipAnalysis ? 'skipped' : 'completed';
  return { effects: announce(situation, analysis), next: 'again' };
}

function announce(situation: Situation, analysis: 'completed' | 'skipped'): Effect[] {
  const promoted: Reason = { code: 'promoted', skipped: analysis === 'skipped' };
  return [
    ...tell(promoted),
    alert(promoted, 'info'),
    { type: 'count', outcome: 'success', analysis },
    { type: 'postRollout', phase: 'Succeeded' },
    { type: 'awaitAlerts' },
    writeStatus(changeStatus(situation, { lastCheckTime: undefined, unsaid: undefined })),
  ];
}
