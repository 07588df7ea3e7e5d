import type { QueryModel, Traces } from '../ports/metrics.js';
import { builtinQueries, type Observer } from './builtin.js';

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
  const select = (as: QueryModel) =>
    lastSelector(render(builtinQueries[observer]['request-success-rate'], as));
  const canary = select(model);
  const primary = primarySelector(observer, canary, () =>
    select({ ...model, target: `${model.target}-primary` }),
  );
  const disguised = observer === 'nginx' ? canary.replace(/\bnamespace=/, 'exported_namespace=') : undefined;
  return {
    source: sources[observer] ?? `the ${observer} router`,
    series: canary.slice(0, canary.indexOf('{')),
    canary,
    ...(primary === canary ? {} : { primary }),
    ...(disguised === undefined ? {} : { disguised }),
    ...(alwaysThere[observer] ? { alwaysThere: alwaysThere[observer] } : {}),
  };
}

/** Names of the series that a query of the user's selects. */
export function seriesIn(query: string): string[] {
  return [...query.matchAll(/\b([a-zA-Z_:][\w:]*)\s*(?=[{[])/g)].map(([, name = '']) => name);
}

function primarySelector(observer: Observer, canary: string, ofPrimary: () => string): string {
  if (observer === 'nginx') return canary.replace('canary!=""', 'canary=""');
  return canary.includes('-canary') ? canary.replaceAll('-canary', '-primary') : ofPrimary();
}

/** The denominator's, which takes every status. */
function lastSelector(query: string): string {
  return [...query.replace(/\s+/g, ' ').matchAll(/\w+\{[^}]*\}/g)].at(-1)?.[0] ?? '';
}
