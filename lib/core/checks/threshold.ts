import type { CanaryMetric } from '../../api/canary.js';
import type { Breach, MetricUnit } from '../reason.js';

/**
 * The bound that a value breaks, if any; a value equal to its bound passes. With a thresholdRange it alone counts;
 * the deprecated threshold (0 when absent) is a least value for percentages and a greatest for everything else.
 * Milliseconds are compared whole. As in Flagger.
 */
export function breachOf(metric: CanaryMetric, unit: MetricUnit, measured: number): Breach | undefined {
  const whole = (n: number) => (unit === 'ms' ? Math.trunc(n) : n);
  const value = whole(measured);
  const { min, max } = boundsOf(metric, unit);
  if (min !== undefined && value < whole(min)) return { value, side: 'below', bound: whole(min) };
  if (max !== undefined && value > whole(max)) return { value, side: 'above', bound: whole(max) };
  return undefined;
}

/** Least and greatest value that pass. */
export function boundsOf(
  { thresholdRange, threshold = 0 }: CanaryMetric,
  unit: MetricUnit,
): { min?: number; max?: number } {
  if (thresholdRange) return thresholdRange;
  return unit === 'percent' ? { min: threshold } : { max: threshold };
}
