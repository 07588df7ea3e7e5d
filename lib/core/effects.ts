import type { CanaryStatus } from '../api/canary.js';
import type { Effect, Severity } from './decision.js';
import type { Reason } from './reason.js';
import { desiredRoutes } from './routes.js';
import type { Standing } from './situation.js';

export function writeStatus(status: CanaryStatus): Effect {
  return { type: 'writeStatus', status };
}

/** Traffic as `status` says. */
export function routeBy(standing: Standing, status: CanaryStatus): Effect {
  return { type: 'route', ...desiredRoutes(standing.spec, status, standing.router) };
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
 * What makes the world agree with the status as it stands; performers write nothing where nothing differs. Traffic
 * comes last, so that it never goes where nothing has been asked to run.
 */
export function upkeep(standing: Standing): Effect[] {
  const { phase, status } = standing;
  const effects: Effect[] = [{ type: 'ensurePrimary' }, { type: 'ensureApex' }];
  const serving =
    phase === 'Progressing' ||
    phase === 'WaitingPromotion' ||
    phase === 'Promoting' ||
    (phase === 'Failed' && (status.canaryWeight ?? 0) > 0);
  if (serving) effects.push(scaleTarget('up'));
  effects.push(routeBy(standing, status));
  return effects;
}
