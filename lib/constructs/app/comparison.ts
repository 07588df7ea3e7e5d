import type { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { MetricComparison, UndecidedPolicy } from '../../api/canary.js';
import { constructError } from '../failure.js';
import type { Shape } from '../shape.js';
import { checkNumber } from './range.js';

/** How a canary is compared with the primary over the same time; see docs/verdict.md. */
export interface ComparisonProps {
  /**
   * Highest probability that a version which is not worse is rolled back for it, however often it is looked at, 0.0001
   * to 0.5. Each metric has its own.
   * @default 0.01
   */
  readonly falsePositiveRate?: number;
  /** The canary may have so many times the primary's share of bad requests, 1 to 100. @default 1 */
  readonly tolerance?: number;
  /** So many times the tolerated share is too much for sure, 1.1 to 100: not worse is what has less. @default 2 */
  readonly noticeable?: number;
  /**
   * What an undecided comparison does before the promotion: `wait` until it is decided, and roll back when the progress
   * deadline is over, or `pass`.
   * @default 'pass'
   */
  readonly onUndecided?: UndecidedPolicy;
}

export interface DurationComparisonProps extends ComparisonProps {
  /** A request is bad that takes longer, by the next bucket of the histogram. @default - compared at every bucket */
  readonly slowerThan?: Duration;
}

export interface CountedComparisonProps extends ComparisonProps {
  /**
   * PromQL that counts requests in `{{ interval }}`; asked with the canary's name as `{{ target }}` and with the
   * primary's, and with `canary` or `primary` as `{{ variables.version }}`.
   */
  readonly requests: string;
  /** The same of those among them that were bad. */
  readonly bad: string;
}

export const comparisonShape: Shape<ComparisonProps> = {
  falsePositiveRate: 'number',
  tolerance: 'number',
  noticeable: 'number',
  onUndecided: ['wait', 'pass'],
};
export const durationComparisonShape: Shape<DurationComparisonProps> = {
  ...comparisonShape,
  slowerThan: 'duration',
};
export const countedComparisonShape: Shape<CountedComparisonProps> = {
  ...comparisonShape,
  requests: { required: 'text' },
  bad: { required: 'text' },
};

/** `comparison` of a metric. Throws when a number is out of its range. */
export function renderComparison(
  scope: Construct,
  metric: string,
  props: (ComparisonProps & Partial<DurationComparisonProps>) | undefined,
): MetricComparison | undefined {
  if (!props) return undefined;
  const { falsePositiveRate, tolerance, noticeable, onUndecided } = props;
  const slowerThan = props.slowerThan?.toMilliseconds();
  const inRange = (name: string, value: number | undefined, range: { min: number; max: number }) => {
    if (value !== undefined) checkNumber(scope, `comparison.${name} of metric ${metric}`, value, range);
  };
  inRange('falsePositiveRate', falsePositiveRate, { min: 0.0001, max: 0.5 });
  inRange('tolerance', tolerance, { min: 1, max: 100 });
  inRange('noticeable', noticeable, { min: 1.1, max: 100 });
  inRange('slowerThan in ms', slowerThan, { min: 1, max: 3_600_000 });
  return {
    ...(falsePositiveRate !== undefined && { falsePositiveRate }),
    ...(tolerance !== undefined && { tolerance }),
    ...(noticeable !== undefined && { noticeable }),
    ...(slowerThan !== undefined && { slowerThan }),
    ...(onUndecided !== undefined && { onUndecided }),
  };
}

/** A metric is judged by a bound, by a comparison, or by both. */
export function requireComparison(
  scope: Construct,
  metric: string,
  bound: string,
  comparison: object | undefined,
): void {
  if (comparison) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_METRIC_RANGE',
    message: `metric ${metric}: expected ${bound}, comparison or both, got neither`,
    remedy: `say which values are good by ${bound}, or compare with the primary by comparison: {}`,
  });
}

export function uncountable(scope: Construct, metric: string) {
  return constructError(scope, {
    code: 'CONSTRUCT_COMPARISON',
    message: `metric ${metric}: expected a Prometheus and a routing whose series tell the canary's requests from the primary's (and for a duration, a built-in one, whose buckets are known), got others`,
    remedy:
      "count requests by queries of your own: Metric.compared('name', { comparison: { requests, bad } })",
  });
}
