import type { SentAlert, TimelineEntry } from './chronicle.js';
import { printTimeline } from './timeline.js';

/** How a release ended; `unfinished`: it had not when its time was up. */
export type Outcome = 'promoted' | 'rolledBack' | 'deleted' | 'unfinished';

export interface RolloutFacts {
  readonly outcome: Outcome;
  readonly image: string;
  /** Repeats the run: `simulate(source, { seed })`. */
  readonly seed: number | string;
  /** Virtual milliseconds from the changed image to the end. */
  readonly durationMs: number;
  /** What users asked while the release was under way, whoever answered. */
  readonly requests: number;
  /** Those that the new version answered before it was promoted. */
  readonly exposedRequests: number;
  /** Requests of users that failed: by the new version, before it was promoted, or since nobody was there to answer. */
  readonly failedRequests: number;
  readonly entries: readonly TimelineEntry[];
  readonly alerts: readonly SentAlert[];
}

/** A release as it went. */
export interface Rollout extends RolloutFacts {
  /** Weights of the new version, one after the other. */
  readonly weights: readonly number[];
  /** Why it was held back or rolled back, in the controller's words. */
  readonly reasons: readonly string[];
  /** For people: what happened when, with the seed to repeat it. */
  readonly timeline: string;
}

/** What can be read off the facts of a release. */
export function rolloutOf(facts: RolloutFacts): Rollout {
  const events = facts.entries.filter(({ kind }) => kind === 'event');
  const weights = facts.entries
    .map(({ weight }) => weight)
    .filter((weight, at, all) => at === 0 || weight !== all[at - 1]);
  return {
    ...facts,
    weights,
    reasons: events.filter(({ bad }) => bad).map(({ text }) => text),
    timeline: printTimeline(facts),
  };
}
