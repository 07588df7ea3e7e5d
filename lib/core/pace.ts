import type { CanaryStatus } from '../api/canary.js';
import type { Standing } from './situation.js';
import { preciseTimestamp } from './status.js';

/** While a run waits for a metric's values it looks for them so many times an interval, which is 10 s at least. */
const looksPerInterval = 4;

/** Milliseconds from the check that `status` tells of to the next. */
function paceMs(status: CanaryStatus, intervalMs: number): number {
  return status.noDataSince === undefined ? intervalMs : intervalMs / looksPerInterval;
}

/** Epoch ms at which the next check is due: in a run without one when its turn comes, else one interval after the last was due. */
export function nextCheckAt({ status, intervalMs, firstCheckAt }: Standing): number {
  const last = Date.parse(status.lastCheckTime ?? '');
  return Number.isNaN(last) ? firstCheckAt : last + paceMs(status, intervalMs);
}

/** What a check itself may take, as a share of an interval, before the next one is put off by it. */
const slack = 0.1;

/**
 * `lastCheckTime` of a check done now: when it was due, so that runs do not drift; but now when it is so late that the
 * step it leads to would be judged by a part of an interval.
 */
export function checkTime(standing: Standing): string {
  const { now, intervalMs } = standing;
  const due = nextCheckAt(standing);
  return preciseTimestamp(now - due > intervalMs * slack ? now : due);
}

/** Milliseconds from now to the check after the one that `status` was written by. */
export function untilNext({ intervalMs, now }: Standing, status: CanaryStatus): number {
  return Math.max(1, Date.parse(status.lastCheckTime ?? '') + paceMs(status, intervalMs) - now);
}
