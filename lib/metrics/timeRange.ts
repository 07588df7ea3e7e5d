import { PerchError } from '../api/errors.js';
import type { MetricProviderContext } from '../ports/metrics.js';

/** Intervals that a query looks back, as Flagger. */
const multiplier = 10;

/** Epoch milliseconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The metric's interval, milliseconds. Throws METRIC_INTERVAL when the metric has none: Flagger's default of one minute
 * is only for built-in and inline metrics.
 */
export function requireInterval({ intervalMs }: MetricProviderContext): number {
  if (intervalMs !== undefined && intervalMs > 0) return intervalMs;
  const given = intervalMs === undefined ? 'none' : `${intervalMs} ms`;
  throw new PerchError({
    code: 'METRIC_INTERVAL',
    message: `error parsing metric interval: expected a duration above zero, given ${given}`,
    remedy: 'set the interval of the Canary’s metric, e.g. 1m: this provider asks for a range of time',
    path: 'spec.analysis.metrics.interval',
  });
}

/** Ten intervals until now. */
export function timeRange({ clock }: MetricProviderContext, intervalMs: number): TimeRange {
  const to = clock.now();
  return { from: to - multiplier * intervalMs, to };
}
