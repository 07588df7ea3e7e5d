import { formatDuration } from '../api/duration.js';
import { isRecord } from '../api/schema/json.js';
import { checkOptions, numberWithin, type Options, refuseValue, spanOf } from './given.js';
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

/** Throws for what `release` has not resolved to, and for bounds that no rollout could be held against. */
function check<T>(matcher: string, rollout: Rollout, bounds: T, options: Options<T>): void {
  if (!isRecord(rollout) || typeof rollout.timeline !== 'string')
    refuseValue(
      matcher,
      'a rollout, as simulate(…).release(…) resolves to',
      rollout,
      'give it what release gives, after an await: expect(await simulation.release({ … }))',
    );
  checkOptions(bounds, matcher, options);
  const { within, failedRequestsAtMost, requests, percent } = bounds as PromotionBounds &
    RollbackBounds &
    ExposureBounds;
  if (within !== undefined) spanOf(within, `${matcher}.within`);
  for (const [name, value] of Object.entries({ failedRequestsAtMost, requests }))
    if (value !== undefined) numberWithin(value, `${matcher}.${name}`, { least: 0 });
  if (percent !== undefined) numberWithin(percent, `${matcher}.percent`, { least: 0, most: 100 });
}

function lateness(rollout: Rollout, within: string | undefined): string[] {
  if (within === undefined || rollout.durationMs <= spanOf(within, 'within')) return [];
  return [`expected it within ${within}, it took ${formatDuration(Math.round(rollout.durationMs))}`];
}

function ending(rollout: Rollout, wanted: Rollout['outcome'], verb: string): string[] {
  return rollout.outcome === wanted
    ? []
    : [`expected ${rollout.image} to ${verb}, its outcome is ${rollout.outcome}`];
}

/** For `expect.extend(matchers)`; `import 'perch/testing/jest'` does it. */
export const matchers = {
  toHavePromoted(rollout: Rollout, bounds: PromotionBounds = {}): Verdict {
    check('toHavePromoted', rollout, bounds, { within: true });
    const { within } = bounds;
    const verb = 'be promoted';
    return verdict(verb, [...ending(rollout, 'promoted', verb), ...lateness(rollout, within)], rollout);
  },

  toHaveRolledBack(rollout: Rollout, bounds: RollbackBounds = {}): Verdict {
    check('toHaveRolledBack', rollout, bounds, { within: true, because: true, failedRequestsAtMost: true });
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
  toHaveExposed(rollout: Rollout, bounds: ExposureBounds): Verdict {
    check('toHaveExposed', rollout, bounds, { requests: true, percent: true });
    const { requests, percent } = bounds;
    if (requests === undefined && percent === undefined)
      refuseValue('toHaveExposed', 'how many requests, or what percent', bounds, 'write { requests: 100 }');
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
    check('toHaveSent', rollout, {}, {});
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
