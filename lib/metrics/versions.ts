import type { QueryModel } from '../ports/metrics.js';
import { type BuiltinMetric, builtinQueries, type Observer } from './builtin.js';

export type Version = 'canary' | 'primary';

type Render = (template: string, model: QueryModel) => string;

/** Those whose series do not say which version answered. */
const undivided: ReadonlySet<Observer> = new Set(['apisix', 'knative']);

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
  const changed = ofPrimary(query);
  const target = changed === undefined ? `${model.target}-primary` : model.target;
  return selectorsIn(render(changed ?? query, { ...model, target }));
}

function selectorsIn(query: string): string[] {
  return [...query.replace(/\s+/g, ' ').matchAll(/\w+\{[^}]*\}/g)].map(([selector]) => selector);
}
