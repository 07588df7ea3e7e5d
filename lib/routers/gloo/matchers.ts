import type { AnalysisMatch, HeaderMatch, StringMatch } from '../../api/canary.js';
import { quotePattern } from '../pattern.js';

/** Requests of an A/B test, one matcher a match. A prefix or suffix, which Flagger drops, becomes the same expression. */
export function matchersOf(matches: readonly AnalysisMatch[]): object[] {
  return matches.map(({ headers, queryParams }) => ({
    ...(headers && { headers: values(headers) }),
    ...(queryParams && { queryParameters: values(queryParams) }),
  }));
}

function values(matches: Readonly<Record<string, StringMatch & HeaderMatch>>): object[] {
  return Object.entries(matches).map(([name, { exact, regex, prefix, suffix }]) => {
    if (regex) return { name, value: regex, regex: true };
    if (prefix) return { name, value: `${quotePattern(prefix)}.*`, regex: true };
    if (suffix) return { name, value: `.*${quotePattern(suffix)}`, regex: true };
    return { name, value: exact ?? '' };
  });
}
