import type { CanaryStatus, Phase } from '../api/canary.js';
import { sessionCookies } from './affinity.js';
import { conditionsOf } from './conditions.js';
import type { Situation, Standing } from './situation.js';

/** Fields to set; a field given as undefined is removed. */
export type StatusChange = { readonly [F in keyof CanaryStatus]?: CanaryStatus[F] | undefined };

/** The counters of a run that has not begun. */
export const zeroCounters = { failedChecks: 0, canaryWeight: 0, iterations: 0 } as const;

/** Phases that somebody can hold a release in: the primary has not been touched yet. */
export const pausable: readonly Phase[] = ['Waiting', 'Progressing', 'WaitingPromotion'];

/**
 * The status after a change. The condition follows the phase; Initialized and Succeeded make the applied revision the
 * promoted one; a pause ends with the phases that can be held; `noDataSince` and `undecidedSince` last from one check to
 * the next, no longer, and `notReadySince` until something is done again; lastTransitionTime is bumped on every write, as
 * by Flagger.
 */
export function changeStatus(standing: Standing, change: StatusChange): CanaryStatus {
  const { status, now, spec } = standing;
  const at = timestamp(now);
  const next: CanaryStatus = {
    ...zeroCounters,
    ...status,
    noDataSince: undefined,
    notReadySince: undefined,
    undecidedSince: undefined,
    ...change,
    lastTransitionTime: at,
  } as CanaryStatus;
  if (standing.strategy === 'ab-testing' && (next.canaryWeight ?? 0) > 0) next.matched = true;
  else delete next.matched;
  if (change.phase !== undefined) {
    if (!pausable.includes(change.phase)) delete next.paused;
    next.conditions = conditionsOf(change.phase, spec.targetRef.kind, status.conditions, at);
    if (change.phase === 'Initialized' || change.phase === 'Succeeded') {
      next.lastPromotedSpec = next.lastAppliedSpec;
    }
  }
  Object.assign(next, sessionCookies(standing, next));
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined));
}

/** Says that the run (or the rest) from now on is about the target as it is. */
export function currentRevision(situation: Situation): StatusChange {
  const { revision, trackedConfigs } = situation.target;
  return { lastAppliedSpec: revision, trackedConfigs: trackedConfigs && { ...trackedConfigs } };
}

/** A time of the status, epoch ms; one that a clock ahead of this one wrote counts as now, one that is none as undefined. */
export function momentOf(text: string | undefined, now: number): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : Math.min(at, now);
}

/** RFC 3339 with seconds, as Flagger writes times. */
export function timestamp(atMs: number): string {
  if (last.atMs !== atMs) last = { atMs, text: `${new Date(atMs).toISOString().slice(0, 19)}Z` };
  return last.text;
}

/** A pass writes the same time over and over. */
let last = { atMs: Number.NaN, text: '' };

/** RFC 3339 with milliseconds, for times that are counted from. */
export function preciseTimestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}
