import type { AnalysisMatch, HeaderMatch, HttpMatch, StringMatch } from '../../api/canary.js';
import { quotePattern } from '../pattern.js';

/** Requests of an A/B test, within those that the service takes. */
export function testMatches(
  analysis: readonly AnalysisMatch[],
  service: readonly HttpMatch[] = [],
): HttpMatch[] {
  const within = service.length > 0 ? service : [{}];
  return analysis.flatMap(({ headers, queryParams, sourceLabels }) =>
    within.map(({ headers: _, sourceLabels: __, ...match }) => ({
      ...match,
      ...(headers && { headers: mapped(headers, valueMatch) }),
      ...(queryParams && { queryParams }),
      ...(sourceLabels && { sourceLabels }),
    })),
  );
}

/** The same requests, of those who bear a cookie. */
export function cookieMatches(service: readonly HttpMatch[] = [], pattern: string): HttpMatch[] {
  const within = service.length > 0 ? service : [{}];
  return within.map((match) => ({ ...match, headers: { ...match.headers, Cookie: { regex: pattern } } }));
}

function mapped<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** Istio knows no suffix: it becomes the expression that means the same. */
function valueMatch({ suffix, ...match }: HeaderMatch): StringMatch {
  return suffix ? { regex: `.*${quotePattern(suffix)}` } : match;
}
