import type { AnalysisMatch, HeaderMatch } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import { quotePattern } from '../pattern.js';

/** Who gets the canary, in ingress-nginx's words. */
export interface HeaderRule {
  /** Requests whose cookie of this name is `always`. */
  readonly cookie?: string;
  /** Requests with this header… */
  readonly header?: string;
  /** …of exactly this value… */
  readonly value?: string;
  /** …or of a value that this regular expression finds. */
  readonly pattern?: string;
}

/**
 * The rule of an A/B test. ingress-nginx knows one cookie and one header an Ingress, so of several headers the last
 * counts, as in Flagger. A prefix or suffix, which Flagger drops, becomes the pattern that means the same.
 */
export function headerRule(matches: readonly AnalysisMatch[]): HeaderRule {
  let rule: HeaderRule = {};
  for (const { headers } of matches) {
    for (const [header, match] of Object.entries(headers ?? {})) {
      if (header === 'cookie') {
        if (match.exact) rule = { ...rule, cookie: match.exact };
        continue;
      }
      const pattern = patternOf(match);
      rule = {
        ...(rule.cookie ? { cookie: rule.cookie } : {}),
        header,
        ...(match.exact ? { value: match.exact } : {}),
        ...(pattern ? { pattern } : {}),
      };
    }
  }
  if (rule.cookie || rule.header) return rule;
  throw new PerchError({
    code: 'ROUTER_MATCH_UNSUPPORTED',
    message:
      'expected analysis.match to name a header or an exact cookie, given none that ingress-nginx can match on',
    remedy:
      'add `headers: { "x-canary": { exact: "insider" } }` or `headers: { cookie: { exact: "canary" } }` to a match',
    path: 'spec.analysis.match',
  });
}

function patternOf(match: HeaderMatch): string | undefined {
  if (match.regex) return match.regex;
  if (match.prefix) return `^${quotePattern(match.prefix)}`;
  if (match.suffix) return `${quotePattern(match.suffix)}$`;
  return undefined;
}
