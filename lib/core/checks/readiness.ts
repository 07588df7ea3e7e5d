import type { Decision } from '../decision.js';
import { tellSeldom, upkeep, writeStatus } from '../effects.js';
import type { Readiness } from '../observation.js';
import { limited, noticeWaiting } from '../patience.js';
import type { Situation, Standing, WorkloadName } from '../situation.js';
import { momentOf } from '../status.js';
import { notReadyText } from '../text/readiness.js';

/** A workload that is not ready, with Flagger's sentence about it. */
export interface Unready {
  readonly workload: WorkloadName;
  readonly retriable: boolean;
  readonly message: string;
  readonly deadlineAt?: number;
}

/**
 * The canary, when it is not ready. One that asks for no pod is not, whatever its controller thinks of that, and has
 * no clock of its own: each time it is woken up its pods would have the whole deadline anew.
 */
export function unreadyCanary(situation: Situation): Unready | undefined {
  const { readiness, scaledToZero } = situation.target;
  const asleep: Readiness = { ready: false, retriable: true, message: 'waiting for it to be scaled up' };
  const sleeps = scaledToZero && (readiness.ready || readiness.retriable);
  return unready(situation, 'canary', sleeps ? asleep : readiness);
}

/** The primary, when it is not ready or not there yet. */
export function unreadyPrimary(standing: Standing): Unready | undefined {
  const absent: Readiness = { ready: false, retriable: true, message: 'waiting for it to be created' };
  return unready(standing, 'primary', standing.primary?.readiness ?? absent);
}

function unready(standing: Standing, workload: WorkloadName, observed: Readiness): Unready | undefined {
  const { canary } = standing;
  const readiness = limited(standing, workload, observed);
  if (readiness.ready) return undefined;
  const { retriable, deadlineAt } = readiness;
  const message = notReadyText(canary, workload, readiness);
  return { workload, retriable, message, ...(deadlineAt === undefined ? {} : { deadlineAt }) };
}

/**
 * Waits for a workload: a watch ends it. It is said once an interval, and not in the first interval after the last
 * transition, since pods that start are no news.
 */
export function waitFor(standing: Standing, { workload, message, deadlineAt }: Unready): Decision {
  const { now, intervalMs, status } = standing;
  const since = momentOf(status.lastTransitionTime, now);
  const quietUntil = since === undefined ? now : since + intervalMs;
  const speaks = now >= quietUntil;
  const code = workload === 'primary' ? 'primaryNotReady' : 'canaryNotReady';
  const untilSpeech = speaks ? intervalMs : quietUntil - now;
  const untilDeadline = deadlineAt !== undefined && deadlineAt > now ? deadlineAt - now : intervalMs;
  const noticed = noticeWaiting(standing);
  return {
    effects: [
      ...upkeep(standing),
      ...(noticed ? [writeStatus(noticed)] : []),
      ...(speaks ? [tellSeldom({ code, message }, intervalMs)] : []),
    ],
    next: { afterMs: Math.min(untilSpeech, untilDeadline) },
  };
}
