import { type Labels, omit, once, signature } from '../prometheus/labels.js';
import type { Sample } from './values.js';

interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/**
 * `histogram_quantile` of one histogram (promql/quantile.go): linear within the bucket, the highest finite bound when
 * it falls into the last one, NaN without observations.
 */
export function bucketQuantile(quantile: number, unsorted: readonly Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const buckets = unsorted.toSorted((a, b) => a.bound - b.bound);
  if (buckets.length < 2 || buckets.at(-1)!.bound !== Number.POSITIVE_INFINITY) return Number.NaN;
  const total = buckets.at(-1)!.count;
  if (total === 0) return Number.NaN;
  const rank = quantile * total;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const found = buckets[index];
  // none when the last count is NaN: Prometheus's search ends at the last bucket then too
  if (!found || index === buckets.length - 1) return buckets.at(-2)!.bound;
  const { bound, count } = found;
  if (index === 0 && bound <= 0) return bound;
  const start = index === 0 ? 0 : buckets[index - 1]!.bound;
  const below = index === 0 ? 0 : buckets[index - 1]!.count;
  return start + (bound - start) * ((rank - below) / (count - below));
}

/** Which bucket of which histogram the labels name. */
const placeOf = once((labels) => {
  const rest = omit(labels, ['le', '__name__']);
  const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
  return { rest, id: signature(rest), bound };
});

/** One sample a group of buckets that differ in `le` only. */
export function histogramQuantile(quantile: number, samples: readonly Sample[]): Sample[] {
  const histograms = new Map<string, { labels: Labels; buckets: Bucket[] }>();
  for (const { labels, value } of samples) {
    if (labels.le === undefined) continue;
    const { rest, id, bound } = placeOf(labels);
    const histogram = histograms.get(id) ?? { labels: rest, buckets: [] };
    histograms.set(id, histogram);
    histogram.buckets.push({ bound, count: value });
  }
  return [...histograms.values()].map(({ labels, buckets }) => ({
    labels,
    value: bucketQuantile(quantile, buckets),
  }));
}
