import type { SharedQuery } from '../ports/metrics.js';

type Name = SharedQuery['labels'][string];

/** A label that has to be what the model says, exactly: `=~` is anchored, and names hold no metacharacters. */
const exactLabel = /(\w+)=~?"\{\{ (name|namespace|target|service|ingress|route) \}\}"/g;

/**
 * The query that answers a built-in query for several canaries, one series each: each label that names the canary takes
 * several values, and each sum is made by these labels. Undefined where the series are told apart otherwise, by a part
 * of a pod's name, say: one series might then count for two canaries, and a grouped answer for one of them only.
 */
export function sharedQuery(query: string): SharedQuery | undefined {
  if (!known.has(query)) known.set(query, derive(query));
  return known.get(query);
}

/** The built-in queries are few, and asked at every check. */
const known = new Map<string, SharedQuery | undefined>();

function derive(query: string): SharedQuery | undefined {
  const labels = Object.fromEntries(
    [...query.matchAll(exactLabel)].map(([, label = '', name = '']) => [label, name as Name]),
  );
  const rest = query.replace(exactLabel, '').replaceAll('{{ interval }}', '');
  if (Object.keys(labels).length === 0 || rest.includes('{{')) return undefined;
  const by = Object.keys(labels).join(', ');
  const several = query.replace(exactLabel, '$1=~"{{ $2 }}"');
  const grouped = several.includes('by (le)')
    ? several.replaceAll('by (le)', `by (le, ${by})`)
    : several.replaceAll('sum(', `sum by (${by}) (`);
  return { query: grouped, labels };
}
