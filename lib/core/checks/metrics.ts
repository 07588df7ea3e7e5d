import type { CanaryMetric } from '../../api/canary.js';
import { hasBound } from '../comparison/policy.js';
import type { MetricFailure, MetricSilence, MetricUnit } from '../reason.js';
import type { Standing } from '../situation.js';
import { type Asking, askMetric } from './ask.js';
import { breachOf } from './threshold.js';

const builtinUnits: Readonly<Record<string, MetricUnit>> = {
  'request-success-rate': 'percent',
  'request-duration': 'ms',
};

/** What came of asking for the metrics; nothing of it: they all passed. */
export interface Verdict {
  readonly failure?: MetricFailure;
  /** What is waited for, unless something failed: a bad value of another metric is no matter for waiting. */
  readonly awaited?: MetricSilence;
  /** Metrics that passed for want of values. */
  readonly passedOver: readonly MetricSilence[];
}

/**
 * Asks for the metrics of the policy in Flagger's order: built-in ones and inline queries as listed, then templates
 * as listed. The first that fails ends it; one without data counts as its `onNoData` says. `compared` are those that
 * could not be compared with the primary.
 */
export function* askMetrics(
  { spec }: Standing,
  compared: ReadonlyMap<string, MetricFailure> = new Map(),
): Asking<Verdict> {
  let awaited: MetricSilence | undefined;
  const passedOver: MetricSilence[] = [];
  for (const { metric, source, unit } of questionsOf(spec.analysis.metrics ?? [])) {
    const failure = compared.get(metric.name) ?? (yield* judge(metric, source, unit));
    if (!failure) continue;
    if (awaits(metric, failure)) awaited ??= failure;
    else if (passesOver(metric, failure)) passedOver.push(failure);
    else return { failure, passedOver };
  }
  return awaited ? { awaited, passedOver } : { passedOver };
}

interface MetricQuestion {
  readonly metric: CanaryMetric;
  /** `compared`: there is no bound to ask about. */
  readonly source: 'builtin' | 'inline' | 'template' | 'compared' | 'none';
  readonly unit: MetricUnit;
}

function questionsOf(metrics: readonly CanaryMetric[]): MetricQuestion[] {
  const first = metrics.flatMap((metric): MetricQuestion[] => {
    if (!hasBound(metric)) return [{ metric, source: 'compared', unit: 'number' }];
    const unit = unitOf(metric);
    return [
      ...(unit ? [{ metric, source: 'builtin', unit } as const] : []),
      ...(metric.query ? [{ metric, source: 'inline', unit: 'number' } as const] : []),
    ];
  });
  const second = metrics.flatMap((metric): MetricQuestion[] => {
    if (!hasBound(metric)) return [];
    if (metric.templateRef) return [{ metric, source: 'template', unit: 'number' }];
    return unitOf(metric) || metric.query ? [] : [{ metric, source: 'none', unit: 'number' }];
  });
  return [...first, ...second];
}

/** A provider that cannot be reached is waited for as well: it says as little about the version as one without data. */
function awaits(metric: CanaryMetric, failure: MetricFailure): failure is MetricSilence {
  if (metric.onNoData !== 'wait') return false;
  return failure.code === 'metricNoData' || (failure.code === 'metricError' && failure.unreachable === true);
}

/** Never a provider that cannot be reached: nobody has looked then. */
function passesOver(metric: CanaryMetric, failure: MetricFailure): failure is MetricSilence {
  return metric.onNoData === 'pass' && failure.code === 'metricNoData';
}

function unitOf(metric: CanaryMetric): MetricUnit | undefined {
  return Object.hasOwn(builtinUnits, metric.name) ? builtinUnits[metric.name] : undefined;
}

function* judge(
  metric: CanaryMetric,
  source: MetricQuestion['source'],
  unit: MetricUnit,
): Asking<MetricFailure | undefined> {
  if (source === 'compared') return undefined;
  if (source === 'none') return { code: 'metricUnusable', metric: metric.name };
  return yield* measure(metric, source, unit);
}

function* measure(
  metric: CanaryMetric,
  source: 'builtin' | 'inline' | 'template',
  unit: MetricUnit,
): Asking<MetricFailure | undefined> {
  const answer = yield* askMetric(metric, source);
  const { name } = metric;
  if (answer.kind === 'error') {
    const { text, unreachable = false } = answer;
    return { code: 'metricError', metric: name, text, unreachable };
  }
  if (answer.kind === 'noData') {
    const { provider, detail, diagnosis } = answer;
    const found = diagnosis === undefined ? {} : { diagnosis };
    return { code: 'metricNoData', metric: name, source, provider, detail, ...found };
  }
  if (Number.isNaN(answer.value)) {
    return { code: 'metricNoData', metric: name, source, provider: '', detail: 'the value is not a number' };
  }
  const breach = breachOf(metric, unit, answer.value);
  return breach && { code: 'metricBreached', metric: name, unit, breach };
}
