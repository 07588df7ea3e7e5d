import { announce, forgetNote, unsaid } from '../announcement.js';
import { askOnline } from '../checks/ask.js';
import { unreadyPrimary, waitFor } from '../checks/readiness.js';
import type { Deciding, Decision, Effect } from '../decision.js';
import { routeBy, scaleTarget, tell, upkeep, writeStatus } from '../effects.js';
import type { Reason } from '../reason.js';
import { adoptSettled, haveConfigsMovedOn, isForeign } from '../revision.js';
import type { Situation } from '../situation.js';
import { changeStatus, currentRevision, zeroCounters } from '../status.js';
import { failInitialization } from './rollback.js';

/** A canary nobody has looked at yet. */
export function welcome(situation: Situation): Decision {
  return enter(situation);
}

/**
 * Makes a primary of the target and moves the traffic to it once it is ready (skipAnalysis: without waiting, as
 * Flagger does). Until then the target serves as it did before, untouched.
 */
export function* initialize(situation: Situation): Deciding {
  if (!situation.primary) return { effects: upkeep(situation), next: 'wait' };
  const unready = unreadyPrimary(situation);
  if (!unready || situation.spec.skipAnalysis) return yield* complete(situation);
  if (isOutdated(situation)) return repair(situation);
  if (!unready.retriable) return failInitialization(situation, unready.message);
  return waitFor(situation, unready);
}

/** After a first primary was given up: tries again when it came up after all, or the target was changed. */
export function retryInitialization(situation: Situation): Decision {
  const unknown = (situation.status.lastAppliedSpec ?? '') === '';
  if (unknown || isForeign(situation)) return adoptSettled(situation);
  if (!unreadyPrimary(situation) || isOutdated(situation)) return enter(situation);
  return { effects: upkeep(situation), next: 'wait' };
}

function enter(situation: Situation): Decision {
  return { effects: [writeStatus(changeStatus(situation, { phase: 'Initializing' }))], next: 'again' };
}

/** Was the primary made of another template than the target has now? */
function isOutdated(situation: Situation): boolean {
  const { primary, target, status } = situation;
  const made = primary?.revision ?? status.lastAppliedSpec ?? '';
  return (made !== '' && made !== target.revision) || haveConfigsMovedOn(situation);
}

function copyOf(checksums: Readonly<Record<string, string>> | undefined) {
  return checksums && { ...checksums };
}

/** A first primary that cannot become ready gets the target's newer template: nothing depends on it yet. */
function repair(situation: Situation): Decision {
  const { revision, trackedConfigs: configs } = situation.target;
  const promote: Effect = { type: 'promote', revision, ...(configs ? { configs } : {}) };
  return { effects: [...upkeep(situation), promote], next: 'wait' };
}

/** Traffic to the primary first, then the target down, then the status. */
function* complete(situation: Situation): Deciding {
  const { spec, primary, target } = situation;
  const reasons: Reason[] = [];
  if (!spec.skipAnalysis) {
    const online = yield* askOnline();
    reasons.push(online.ok ? { code: 'metricsOnline' } : { code: 'metricsOffline', error: online.error });
  }
  const initialized: Reason = { code: 'initialized', kind: spec.targetRef.kind };
  const note = unsaid('initialized', situation.now);
  const status = changeStatus(situation, {
    ...currentRevision(situation),
    ...zeroCounters,
    // What the primary holds, not what the target holds by now: a newer template must still be released.
    lastAppliedSpec: primary?.revision ?? target.revision,
    trackedConfigs: copyOf(primary?.trackedConfigs ?? target.trackedConfigs),
    lastCheckTime: undefined,
    phase: 'Initialized',
    unsaid: note,
  });
  return {
    effects: [
      ...upkeep(situation),
      { type: 'ensureApex' },
      routeBy(situation, status),
      scaleTarget('zero'),
      writeStatus(status),
      ...tell(...reasons, initialized),
      announce(note, spec),
      ...forgetNote({ ...situation, status, phase: 'Initialized' }),
    ],
    next: 'again',
  };
}
