import type { CanaryAnalysis, CanaryMetric, ComparisonRecord, MetricComparison } from '../../api/canary.js';
import type { ComparisonOptions } from '../../verdict/comparison.js';

/** A metric that compares. */
export type ComparedMetric = CanaryMetric & { readonly comparison: MetricComparison };

/** What compares, each name once: what has been found is kept by name. */
export function comparedMetrics(metrics: readonly CanaryMetric[] = []): ComparedMetric[] {
  const compared = metrics.filter((metric): metric is ComparedMetric => metric.comparison !== undefined);
  return compared.filter(({ name }, at) => compared.findIndex((other) => other.name === name) === at);
}

/** Does the metric have a bound as well? One that compares need not. */
export function hasBound({ comparison, threshold, thresholdRange }: CanaryMetric): boolean {
  return comparison === undefined || threshold !== undefined || thresholdRange !== undefined;
}

/** Slow requests are counted, not failed ones. */
export function isOfSlowness({ name, comparison }: ComparedMetric): boolean {
  return name === 'request-duration' && !comparison.requests;
}

export function factorsOf({ tolerance = 1, noticeable = 2 }: MetricComparison): {
  tolerance: number;
  noticeable: number;
} {
  return { tolerance, noticeable };
}

/** By which the evidence is weighed; `falsePositiveRate` counts only when it is read. */
export function optionsOf(
  metric: ComparedMetric,
  record?: ComparisonRecord,
): ComparisonOptions & { readonly tolerance: number; readonly falseAlarms: number } {
  const { falsePositiveRate = 0.01 } = metric.comparison;
  const { tolerance, noticeable } = record ?? factorsOf(metric.comparison);
  return {
    tolerance,
    noticeable,
    falseAlarms: falsePositiveRate,
    of: isOfSlowness(metric) ? 'slowness' : 'failures',
  };
}

/** Milliseconds between two looks at what compares, however long the interval; undefined when nothing does. */
export function lookEveryMs({ metrics = [] }: CanaryAnalysis): number | undefined {
  return metrics.some(({ comparison }) => comparison !== undefined) ? 10_000 : undefined;
}
