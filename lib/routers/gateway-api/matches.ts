import type { AnalysisMatch, HeaderMatch, HttpMatch, StringMatch } from '../../api/canary.js';
import { quotePattern } from '../pattern.js';
import type { RouteMatch, ValueMatch } from './kinds.js';

/** Requests that the route takes: `spec.service.match`, or all of them. */
export function serviceMatches(matches: readonly HttpMatch[] = []): RouteMatch[] {
  if (matches.length === 0) return [anyRequest];
  return matches.map(({ uri, method, headers, queryParams }) => ({
    path: pathMatch(uri),
    ...(method?.exact && { method: method.exact }),
    ...values('headers', headers),
    ...values('queryParams', queryParams),
  }));
}

/** Requests of an A/B test: each of the analysis within each of the service; the analysis says headers and parameters. */
export function testMatches(
  analysis: readonly AnalysisMatch[],
  service: readonly HttpMatch[] = [],
): RouteMatch[] {
  return analysis.flatMap(({ headers, queryParams }) =>
    serviceMatches(service).map(({ path, method }) => ({
      ...(path && { path }),
      ...(method && { method }),
      ...values('headers', headers),
      ...values('queryParams', queryParams),
    })),
  );
}

/** The same requests, of those who bear a cookie. */
export function cookieMatches(matches: readonly RouteMatch[], pattern: string): RouteMatch[] {
  const cookie: ValueMatch = { name: 'Cookie', value: pattern, type: 'RegularExpression' };
  return matches.map((match) => ({ ...match, headers: [cookie, ...(match.headers ?? [])] }));
}

const anyRequest: RouteMatch = { path: { type: 'PathPrefix', value: '/' } };

function pathMatch(uri: StringMatch | undefined): RouteMatch['path'] {
  if (uri?.regex) return { type: 'RegularExpression', value: uri.regex };
  if (uri?.exact) return { type: 'Exact', value: uri.exact };
  return { type: 'PathPrefix', value: uri?.prefix || '/' };
}

/** In order of their names, as maps have none. A prefix or suffix, which Flagger refuses, becomes the same pattern. */
function values(
  field: 'headers' | 'queryParams',
  matches: Readonly<Record<string, StringMatch & HeaderMatch>> = {},
): Pick<RouteMatch, 'headers' | 'queryParams'> {
  const names = Object.keys(matches).sort();
  if (names.length === 0) return {};
  return { [field]: names.map((name) => ({ name, ...valueMatch(matches[name]!) })) };
}

function valueMatch({ exact, regex, prefix, suffix }: StringMatch & HeaderMatch): Omit<ValueMatch, 'name'> {
  if (regex) return { value: regex, type: 'RegularExpression' };
  if (prefix) return { value: `^${quotePattern(prefix)}.*`, type: 'RegularExpression' };
  if (suffix) return { value: `.*${quotePattern(suffix)}$`, type: 'RegularExpression' };
  return { value: exact ?? '', type: 'Exact' };
}
