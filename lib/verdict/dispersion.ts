import type { Counts } from './comparison.js';

const fewestSpans = 30;
/** Standard errors beyond which what looks like runs is none of chance. */
const noticed = 2.5;

/**
 * How much more the counts of bad requests vary than by chance alone, 1 or more: from equal spans of time, one after
 * the other, of the primary before the release. 1 with fewer than 30 spans. Pearson's statistic, times what the
 * correlation of each span with the next makes of a longer time: bad requests may come in runs, within a span and
 * beyond it. Dividing by it is McCullagh and Nelder's quasi-likelihood (Generalized Linear Models, 1989, 4.5): an
 * approximation, where the comparison of independent requests is exact.
 */
export function dispersionOf(spans: readonly Counts[]): number {
  const asked = spans.filter(({ requests }) => requests > 0);
  if (asked.length < fewestSpans) return 1;
  const residuals = residualsOf(asked);
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  if (squares === 0) return 1;
  const products = residuals.slice(1).reduce((sum, residual, at) => sum + residual * residuals[at]!, 0);
  const mean = asked.reduce((sum, { bad }) => sum + bad, 0) / asked.length;
  // the variance of a Poisson variable's squared residual is 2, and the more the fewer there are
  const error = Math.sqrt((2 + 1 / mean) / asked.length);
  return within(squares / (asked.length - 1), error) * beyond(products / squares, asked.length);
}

/** How far each span is from the share of all, in standard deviations. */
function residualsOf(spans: readonly Counts[]): number[] {
  const total = (field: keyof Counts) => spans.reduce((sum, span) => sum + span[field], 0);
  const share = total('bad') / total('requests');
  if (share <= 0 || share >= 1) return spans.map(() => 0);
  return spans.map(
    ({ requests, bad }) => (bad - share * requests) / Math.sqrt(share * (1 - share) * requests),
  );
}

/** The variance, one standard error to the safe side. */
function within(variance: number, error: number): number {
  return variance < 1 + noticed * error ? 1 : variance * (1 + error);
}

/** What a correlation of neighbours adds up to. */
function beyond(correlation: number, spans: number): number {
  const error = 1 / Math.sqrt(spans);
  if (correlation < noticed * error) return 1;
  const safe = Math.min(0.9, correlation + error);
  return (1 + safe) / (1 - safe);
}
