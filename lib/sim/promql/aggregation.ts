import { type Labels, omit, once, pick, signature } from '../prometheus/labels.js';
import { unsupported } from './queryError.js';
import type { Sample } from './values.js';

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const summaries: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum,
  avg: (values) => sum(values) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  count: (values) => values.length,
  group: () => 1,
};

export type Grouping = { readonly kind: 'by' | 'without'; readonly names: readonly string[] } | undefined;

function groupLabels(labels: Labels, grouping: Grouping): Labels {
  if (!grouping) return {};
  return grouping.kind === 'by'
    ? pick(labels, grouping.names)
    : omit(labels, [...grouping.names, '__name__']);
}

/**
 * `sum by (…) (…)` and its kin, of the samples that it is called with. Throws when the operator is not one of sum,
 * avg, max, min, count, group.
 */
export function aggregation(operator: string, grouping: Grouping): (samples: readonly Sample[]) => Sample[] {
  const summary = summaries[operator];
  if (!summary)
    throw unsupported(`the aggregation ${operator}; it knows ${Object.keys(summaries).join(', ')}`);
  const groupOf = once((labels) => {
    const kept = groupLabels(labels, grouping);
    return { kept, id: signature(kept) };
  });
  return (samples) => {
    const groups = new Map<string, { labels: Labels; values: number[] }>();
    for (const { labels, value } of samples) {
      const { kept, id } = groupOf(labels);
      const group = groups.get(id) ?? { labels: kept, values: [] };
      groups.set(id, group);
      group.values.push(value);
    }
    return [...groups.values()].map(({ labels, values }) => ({ labels, value: summary(values) }));
  };
}
