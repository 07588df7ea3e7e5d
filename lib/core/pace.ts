import type { CanaryStatus } from '../api/canary.js';
import type { Standing } from './situation.js';
import { preciseTimestamp } from './status.js';

/** While a run waits for a metric's values it looks for them so many times an interval, which is 10 s at least. */
const looksPerInterval = 4;

/** Milliseconds from the check that `status` tells of to the next. */
function paceMs(status: CanaryStatus, intervalMs: number): number {
  return status.noDataSince === undefined ? intervalMs : intervalMs / looksPerInterval;
}

/** Epoch ms at which the next check is due: at once in a run without one, else one interval after the last was due. */
export function nextCheckAt({ status, intervalMs, now }: Standing): number {
  const last = Date.parse(status.lastCheckTime ?? '');
  const pace = paceMs(status, intervalMs);
  // A last check in the future, after the clock was set back, must not stop the run for longer than an interval.
  return Number.isNaN(last) ? now : Math.min(last + pace, now + pace);
}

/** What a check itself may take, as a share of an interval, before the next one is put off by it. */
const slack = 0.1;

/**
 * `lastCheckTime` of a check done now: when it was due, so that runs do not drift; but now when it is the run's first,
 * or so late that the step it leads to would be judged by a part of an interval. Now is then rounded to a tenth of an
 * interval: runs that go on side by side look at their metrics at the same moments, and are answered by one query.
 */
export function checkTime(standing: Standing): string {
  const { now, intervalMs, status } = standing;
  const due = nextCheckAt(standing);
  const tenth = intervalMs * slack;
  const anew = status.lastCheckTime === undefined || now - due > tenth;
  return preciseTimestamp(anew ? Math.round(now / tenth) * tenth : due);
}

/** Milliseconds from now to the check after the one that `status` was written by. */
export function untilNext({ intervalMs, now }: Standing, status: CanaryStatus): number {
  return Math.max(1, Date.parse(status.lastCheckTime ?? '') + paceMs(status, intervalMs) - now);
}
