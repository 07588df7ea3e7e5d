import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { constructError } from './failure.js';

/** Whole seconds or minutes the way the Canary's schema wants them: `10s`, `1m`, `90s`. */
export function formatPeriod(scope: IConstruct, field: string, period: Duration): string {
  const seconds = wholeSeconds(scope, field, period);
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Whole seconds, at least one, or at least `least`. */
export function wholeSeconds(scope: IConstruct, field: string, period: Duration, least: 0 | 1 = 1): number {
  const milliseconds = period.toMilliseconds({ integral: false });
  if (milliseconds < least * 1000 || milliseconds % 1000 !== 0) {
    throw constructError(scope, {
      code: 'CONSTRUCT_PERIOD',
      message: `${field}: expected whole seconds, ${least === 0 ? 'zero or more' : 'at least one'}, got ${milliseconds} ms`,
      remedy: `give ${field} as Duration.seconds(n) or Duration.minutes(n) with a whole n`,
    });
  }
  return milliseconds / 1000;
}
