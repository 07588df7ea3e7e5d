/** Below this, what looks like runs is chance. */
const leastNoticed = 1.2;
const fewestSpans = 30;

/**
 * How much more the counts of bad requests in equal spans of time vary than by chance alone: their variance by their
 * mean, 1 or more. Taken from the primary's recent past, before the release. 1 with fewer than 30 spans. Dividing by
 * it is McCullagh and Nelder's quasi-likelihood (Generalized Linear Models, 1989, 4.5): an approximation, where the
 * comparison of independent requests is exact.
 */
export function dispersionOf(counts: readonly number[]): number {
  if (counts.length < fewestSpans) return 1;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  if (mean === 0) return 1;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  const dispersion = squares / (counts.length - 1) / mean;
  // one standard error to the safe side
  return dispersion < leastNoticed ? 1 : dispersion * (1 + Math.sqrt(2 / counts.length));
}
