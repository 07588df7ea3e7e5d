import { formatDuration, parseDuration } from '../api/duration.js';
import type { Rollout } from './rollout.js';

/** What a matcher tells jest (and vitest, whose `expect.extend` takes the same). */
interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

export interface PromotionBounds {
  /** A duration from the release on. @default - however long */
  readonly within?: string;
}

export interface RollbackBounds {
  /** A duration from the release on. @default - however long */
  readonly within?: string;
  /** What the controller must have said: a part of it, or what a regular expression finds. */
  readonly because?: string | RegExp;
  /** Failed requests of users until then. @default - however many */
  readonly failedRequestsAtMost?: number;
}

export interface ExposureBounds {
  /** Requests of users that the new version answered before it was promoted. */
  readonly requests?: number;
  /** Percent of all requests of users meanwhile. */
  readonly percent?: number;
}

function says(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

/** `problems` are what stands against the expectation `wanted`; none: it holds. */
function verdict(wanted: string, problems: readonly string[], rollout: Rollout): Verdict {
  const pass = problems.length === 0;
  const found = pass ? `expected the release not to ${wanted}, and it did` : problems.join('\n');
  return { pass, message: () => `${found}\n\n${rollout.timeline}` };
}

function lateness(rollout: Rollout, within: string | undefined): string[] {
  if (within === undefined || rollout.durationMs <= parseDuration(within)) return [];
  return [`expected it within ${within}, it took ${formatDuration(Math.round(rollout.durationMs))}`];
}

function ending(rollout: Rollout, wanted: Rollout['outcome'], verb: string): string[] {
  return rollout.outcome === wanted
    ? []
    : [`expected ${rollout.image} to ${verb}, its outcome is ${rollout.outcome}`];
}

/** For `expect.extend(matchers)`; `import 'perch/testing/jest'` does it. */
export const matchers = {
  toHavePromoted(rollout: Rollout, { within }: PromotionBounds = {}): Verdict {
    const verb = 'be promoted';
    return verdict(verb, [...ending(rollout, 'promoted', verb), ...lateness(rollout, within)], rollout);
  },

  toHaveRolledBack(rollout: Rollout, bounds: RollbackBounds = {}): Verdict {
    const { within, because, failedRequestsAtMost = Number.POSITIVE_INFINITY } = bounds;
    const verb = 'be rolled back';
    const problems = [...ending(rollout, 'rolledBack', verb), ...lateness(rollout, within)];
    if (because !== undefined && !rollout.reasons.some((reason) => says(reason, because)))
      problems.push(`expected a reason with ${because}, given: ${rollout.reasons.join('; ') || 'none'}`);
    if (rollout.failedRequests > failedRequestsAtMost)
      problems.push(
        `expected at most ${failedRequestsAtMost} failed requests, got ${rollout.failedRequests}`,
      );
    return verdict(verb, problems, rollout);
  },

  /** At most so many requests of users, or so large a share of them, met the new version before it was promoted. */
  toHaveExposed(rollout: Rollout, { requests, percent }: ExposureBounds): Verdict {
    const { exposedRequests } = rollout;
    const share = rollout.requests === 0 ? 0 : (exposedRequests / rollout.requests) * 100;
    const problems: string[] = [];
    if (requests !== undefined && exposedRequests > requests)
      problems.push(`expected at most ${requests} requests to meet the new version, ${exposedRequests} did`);
    if (percent !== undefined && share > percent)
      problems.push(
        `expected at most ${percent} % of the requests to meet the new version, ${share.toFixed(1)} % did`,
      );
    return verdict('expose so few', problems, rollout);
  },

  /** An alert was sent whose message has this in it; `text` is a part of it, or what finds it. */
  toHaveSent(rollout: Rollout, text: string | RegExp): Verdict {
    const sent = rollout.alerts.map(({ message }) => message);
    const found = rollout.alerts.some(({ message, body }) => says(message, text) || says(body, text));
    const problems = found ? [] : [`expected an alert with ${text}, sent: ${sent.join('; ') || 'none'}`];
    return verdict(`send ${text}`, problems, rollout);
  },
};

/** The matchers as `expect` has them. */
export interface RolloutMatchers<R> {
  /** The release was promoted, within a time if one is given. */
  toHavePromoted(bounds?: PromotionBounds): R;
  /** The release was rolled back, within a time, for a reason, with few failed requests, where these are given. */
  toHaveRolledBack(bounds?: RollbackBounds): R;
  /** The new version answered at most so many requests of users before it was promoted. */
  toHaveExposed(atMost: ExposureBounds): R;
  /** An alert with this text was sent. */
  toHaveSent(text: string | RegExp): R;
}
