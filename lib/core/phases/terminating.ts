import { progressDeadlineSeconds } from '../../api/defaults.js';
import { holdsFinalizer } from '../../api/finalizer.js';
import { unreadyCanary } from '../checks/readiness.js';
import type { Decision, Effect } from '../decision.js';
import { scaleTarget, tell, tellSeldom, writeStatus } from '../effects.js';
import type { Reason } from '../reason.js';
import type { Standing } from '../situation.js';
import { changeStatus } from '../status.js';

/** From the moment the target gets the traffic until the primary's pods go: endpoints and proxies need a while. */
const drainMs = 10_000;

const release: Effect = { type: 'holdFinalizer', held: false };
/** All traffic to the target; nothing is written where it is there. */
const giveAway: readonly Effect[] = [{ type: 'releaseApex' }, { type: 'releaseRoutes' }];

/** The finalizer is there exactly as long as the policy asks for it; undefined when nothing need change. */
export function keepFinalizer({ canary, spec }: Standing): Decision | undefined {
  const held = spec.revertOnDeletion === true;
  if (held === holdsFinalizer(canary)) return undefined;
  return { effects: [{ type: 'holdFinalizer', held }], next: 'again' };
}

/**
 * A deleted canary: the target is woken up, gets the traffic once it is ready, and only when nobody can be on the
 * primary any more the cluster may take that away. Without revertOnDeletion, or without a target, it may at once.
 * @param obstacle why the target cannot be observed.
 */
export function terminate(standing: Standing, obstacle: string, targetIsGone: boolean): Decision {
  const { canary, spec, phase, target } = standing;
  if (!holdsFinalizer(canary)) return { effects: [], next: 'wait' };
  if (spec.revertOnDeletion !== true) return { effects: [release], next: 'wait' };
  if (phase === 'Terminated') return drain(standing);
  if (targetIsGone) return { effects: [release, ...tell({ code: 'terminated' })], next: 'wait' };
  if (phase !== 'Terminating') return begin(standing);
  if (!target) return awaitTarget(standing, { code: 'targetError', message: obstacle });
  const unready = unreadyCanary({ ...standing, target });
  if (!unready) return handOver(standing);
  return awaitTarget(standing, { code: 'canaryNotReady', message: unready.message });
}

/** As many pods as the primary has; what was under way is over. */
function begin(standing: Standing): Decision {
  const status = changeStatus(standing, { phase: 'Terminating', lastCheckTime: undefined });
  return {
    effects: [{ type: 'revertTarget' }, writeStatus(status), ...tell({ code: 'terminating' })],
    next: 'again',
  };
}

/** There is no deadline: as long as the target cannot serve, the primary must. What can be done is said after one. */
function awaitTarget(
  { intervalMs, now, spec, status, target }: Standing,
  obstacle: Extract<Reason, { message: string }>,
): Decision {
  const sinceMs = Date.parse(status.lastTransitionTime ?? '');
  // pods that start are no news
  const quiet = now < sinceMs + intervalMs;
  const isHeld = now >= sinceMs + progressDeadlineSeconds(spec) * 1000;
  const reason: Reason = isHeld ? { code: 'terminationHeld', message: obstacle.message } : obstacle;
  return {
    effects: [...(target ? [scaleTarget('up')] : []), ...(quiet ? [] : [tellSeldom(reason, intervalMs)])],
    next: { afterMs: intervalMs },
  };
}

function handOver(standing: Standing): Decision {
  const counters = { canaryWeight: 0, iterations: 0, failedChecks: 0 };
  const status = changeStatus(standing, { ...counters, phase: 'Terminated' });
  return { effects: [...giveAway, writeStatus(status)], next: { afterMs: drainMs } };
}

/** Another controller, which does not know of the deletion yet, may take the traffic back meanwhile. */
function drain({ now, status, target }: Standing): Decision {
  const since = Date.parse(status.lastTransitionTime ?? '');
  const left = since + drainMs - now;
  if (left > 0) return { effects: target ? giveAway : [], next: { afterMs: left } };
  return { effects: [release, ...tell({ code: 'terminated' })], next: 'wait' };
}
