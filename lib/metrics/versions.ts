import type { QueryModel } from '../ports/metrics.js';
import { type BuiltinMetric, builtinQueries, type Observer } from './builtin.js';

export type Version = 'canary' | 'primary';

type Render = (template: string, model: QueryModel) => string;

/** Whose series do not say which version answered: APISIX counts by route, and both versions have the same. */
const undivided: ReadonlySet<Observer> = new Set(['apisix']);

/** How the queries name the canary, and what stands there for the primary. */
const names: readonly (readonly [string, string])[] = [
  ['canary!=""', 'canary=""'],
  ['__%s_canary(_', '__%s_primary(_'],
  ['-canary', '-primary'],
];

/** A built-in query that asks for the primary; undefined where only the target's name tells the versions apart. */
function ofPrimary(query: string): string | undefined {
  const found = names.find(([canary]) => query.includes(canary));
  return found && query.replaceAll(...found);
}

/** The text of every query that stands for a built-in one. */
export const primaryQueries: readonly string[] = Object.values(builtinQueries)
  .flatMap(Object.values<string>)
  .flatMap((query) => ofPrimary(query) ?? []);

/** The selectors of a built-in query, in order, for a version; undefined where the series do not tell the two apart. */
export function selectorsOf(
  { observer, metric, version }: { observer: Observer; metric: BuiltinMetric; version: Version },
  model: QueryModel,
  render: Render,
): string[] | undefined {
  const query = builtinQueries[observer][metric];
  if (version === 'canary') return selectorsIn(render(query, model));
  if (undivided.has(observer)) return undefined;
  if (observer === 'knative') return ofRevision(query, model, render);
  const changed = ofPrimary(query);
  const target = changed === undefined ? `${model.target}-primary` : model.target;
  return selectorsIn(render(changed ?? query, { ...model, target }));
}

/** Envoy's clusters have the names of Knative's revisions; undefined when the primary's is not known yet. */
function ofRevision(
  query: string,
  { primaryRevision, ...model }: QueryModel,
  render: Render,
): string[] | undefined {
  if (primaryRevision === undefined || primaryRevision === model.route) return undefined;
  return selectorsIn(render(query, { ...model, route: primaryRevision }));
}

function selectorsIn(query: string): string[] {
  return [...query.replace(/\s+/g, ' ').matchAll(/\w+\{[^}]*\}/g)].map(([selector]) => selector);
}
