import type { CanaryStatus } from '../api/canary.js';
import type { Effect, Severity } from './decision.js';
import type { Reason } from './reason.js';
import { desiredRoutes } from './routes.js';
import { isInitialized, type Situation, type Standing } from './situation.js';

export function writeStatus(status: CanaryStatus): Effect {
  return { type: 'writeStatus', status };
}

/** Traffic as `status` says. */
export function routeBy(standing: Standing, status: CanaryStatus): Extract<Effect, { type: 'route' }> {
  return { type: 'route', ...desiredRoutes(standing.spec, status, standing.router) };
}

/** Of a target that was observed: whoever sees it late finds out. */
export function confirmTarget({ target }: Situation): Effect {
  return { type: 'confirmTarget', configs: Object.keys(target.trackedConfigs ?? {}) };
}

export function scaleTarget(to: 'zero' | 'up'): Effect {
  return { type: 'scaleTarget', to };
}

/** One event for each reason, in order. */
export function tell(...reasons: readonly Reason[]): Effect[] {
  return reasons.map((reason) => ({ type: 'event', reason }));
}

/** An event that is not repeated sooner than `throttleMs`. */
export function tellSeldom(reason: Reason, throttleMs: number): Effect {
  return { type: 'event', reason, throttleMs };
}

/** `withMetadata`: the alert also shows target, threshold, deadline and routing. */
export function alert(reason: Reason, severity: Severity, withMetadata = false): Effect {
  return { type: 'alert', reason, severity, withMetadata };
}

/**
 * What makes the world agree with the status as it stands; performers write nothing where nothing differs. Before the
 * end of the initialisation the target still serves: only the primary is made.
 */
export function upkeep(standing: Standing): Effect[] {
  const initialized: Effect[] = [{ type: 'ensureApex' }, ...servedBy(standing)];
  return [{ type: 'ensurePrimary' }, ...(isInitialized(standing) ? initialized : [])];
}

/** Traffic comes last, so that it never goes where nothing has been asked to run. */
function servedBy(standing: Standing): Effect[] {
  const { phase, status } = standing;
  const running = phase === 'Progressing' || phase === 'WaitingPromotion' || phase === 'Promoting';
  const traffic = routeBy(standing, status);
  return running || traffic.canary > 0 ? [scaleTarget('up'), traffic] : [traffic];
}

/**
 * One step of a run: what the status before asks for is in force, then the new one is written, and traffic sent
 * accordingly. The apex Service is looked after only then: a write that is refused may be about a Canary that another
 * leader has just deleted, and whose Service it has given back to the target.
 */
export function moveOn(situation: Situation, status: CanaryStatus): Effect[] {
  return [
    { type: 'ensurePrimary' },
    ...servedBy(situation),
    writeStatus(status),
    { type: 'ensureApex' },
    routeBy(situation, status),
  ];
}
