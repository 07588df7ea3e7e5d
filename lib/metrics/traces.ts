import type { QueryModel, Traces } from '../ports/metrics.js';
import type { Observer } from './builtin.js';
import { selectorsOf, type Version } from './versions.js';

/** Series that are there as long as somebody scrapes the router, whether or not it has had a request. */
const alwaysThere: Partial<Record<Observer, string>> = { nginx: 'nginx_ingress_controller_build_info' };

/** What a person knows the source of the series by. */
const sources: Partial<Record<Observer, string>> = {
  nginx: 'ingress-nginx',
  http: 'the pods of the application',
  linkerd: 'Linkerd’s proxies',
  istio: 'Istio’s proxies',
};

/** The series behind a built-in success rate: of the canary, as the query selects them, and of the primary. */
export function tracesOf(
  observer: Observer,
  model: QueryModel,
  render: (template: string, model: QueryModel) => string,
): Traces {
  const select = (version: Version) =>
    selectorsOf({ observer, metric: 'request-success-rate', version }, model, render)?.at(-1);
  // the denominator's, which takes every status
  const [canary = '', primary] = [select('canary'), select('primary')];
  const disguised = observer === 'nginx' ? canary.replace(/\bnamespace=/, 'exported_namespace=') : undefined;
  return {
    source: sources[observer] ?? `the ${observer} router`,
    series: canary.slice(0, canary.indexOf('{')),
    canary,
    ...(primary === undefined || primary === canary ? {} : { primary }),
    ...(disguised === undefined ? {} : { disguised }),
    ...(alwaysThere[observer] ? { alwaysThere: alwaysThere[observer] } : {}),
  };
}

/** Names of the series that a query of the user's selects; what stands between quotes is none. */
export function seriesIn(query: string): string[] {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '""');
  return [...bare.matchAll(/\b([a-zA-Z_:][\w:]*)\s*(?=[{[])/g)].map(([, name = '']) => name);
}
