import type { Standing } from './situation.js';
import { preciseTimestamp } from './status.js';

/** Epoch ms at which the next check is due: at once in a run without one, else one interval after the last was due. */
export function nextCheckAt(standing: Standing): number {
  const { status, intervalMs, now } = standing;
  const last = Date.parse(status.lastCheckTime ?? '');
  // A last check in the future, after the clock was set back, must not stop the run for longer than an interval.
  return Number.isNaN(last) ? now : Math.min(last + intervalMs, now + intervalMs);
}

/** `lastCheckTime` of a check done now: when it was due, so that runs do not drift, unless that is too long ago. */
export function checkTime(standing: Standing): string {
  const due = nextCheckAt(standing);
  const late = standing.now - due;
  return preciseTimestamp(late > standing.intervalMs ? standing.now : due);
}

/** Milliseconds from now to the check after the one whose `lastCheckTime` is given. */
export function untilNext(standing: Standing, lastCheckTime: string): number {
  return Math.max(1, Date.parse(lastCheckTime) + standing.intervalMs - standing.now);
}
