import type { CanaryMetric } from '../../api/canary.js';
import type { MetricFailure, MetricUnit } from '../reason.js';
import type { Standing } from '../situation.js';
import { type Asking, askMetric } from './ask.js';
import { breachOf } from './threshold.js';

const builtinUnits: Readonly<Record<string, MetricUnit>> = {
  'request-success-rate': 'percent',
  'request-duration': 'ms',
};

/**
 * Asks for the metrics of the policy in Flagger's order: built-in ones and inline queries as listed, then templates
 * as listed. The first that does not pass ends it.
 */
export function* askMetrics({ spec }: Standing): Asking<MetricFailure | undefined> {
  const metrics = spec.analysis.metrics ?? [];
  for (const metric of metrics) {
    const unit = unitOf(metric);
    const failure =
      (unit && (yield* measure(metric, 'builtin', unit))) ??
      (metric.query ? yield* measure(metric, 'inline', 'number') : undefined);
    if (failure) return failure;
  }
  for (const metric of metrics) {
    if (metric.templateRef) {
      const failure = yield* measure(metric, 'template', 'number');
      if (failure) return failure;
    } else if (!unitOf(metric) && !metric.query) {
      return { code: 'metricUnusable', metric: metric.name };
    }
  }
  return undefined;
}

function unitOf(metric: CanaryMetric): MetricUnit | undefined {
  return Object.hasOwn(builtinUnits, metric.name) ? builtinUnits[metric.name] : undefined;
}

function* measure(
  metric: CanaryMetric,
  source: 'builtin' | 'inline' | 'template',
  unit: MetricUnit,
): Asking<MetricFailure | undefined> {
  const answer = yield* askMetric(metric, source);
  const { name } = metric;
  if (answer.kind === 'error') return { code: 'metricError', metric: name, text: answer.text };
  if (answer.kind === 'noData' || Number.isNaN(answer.value)) {
    const { provider, detail } =
      answer.kind === 'noData' ? answer : { provider: '', detail: 'the value is not a number' };
    return { code: 'metricNoData', metric: name, source, provider, detail };
  }
  const breach = breachOf(metric, unit, answer.value);
  return breach && { code: 'metricBreached', metric: name, unit, breach };
}
