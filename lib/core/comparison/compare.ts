import type { CanaryStatus, ComparisonRecord } from '../../api/canary.js';
import { metricInterval } from '../../api/defaults.js';
import { readDuration } from '../../api/duration.js';
import { type Asking, askCounts } from '../checks/ask.js';
import type { MetricFailure, RollbackCause } from '../reason.js';
import type { Situation, Standing } from '../situation.js';
import { clampPercent } from '../weights.js';
import { type ComparedMetric, comparedMetrics, hasBound, optionsOf } from './policy.js';
import { fits, newRecord, withCounts } from './record.js';
import { talliesOf } from './told.js';

type Worse = Extract<RollbackCause, { code: 'worseThanPrimary' }>;

/** What looking at both versions came to. */
export interface Compared {
  /** What has been found so far, with this look. */
  readonly records: readonly ComparisonRecord[];
  readonly worse?: Worse;
  /** Nobody could say how the versions did, by metric. */
  readonly failures: ReadonlyMap<string, MetricFailure>;
}

/** Shorter than that is no look, in ms. */
const shortestLookMs = 1000;

/**
 * One look at what canary and primary did since the last one, for every metric that compares. Nothing is counted
 * twice: a look begins where the one before it in the status ended, and is in the status with what it found.
 */
export function* compare(situation: Situation): Asking<Compared> {
  const { status, spec } = situation;
  const records: ComparisonRecord[] = [];
  const failures = new Map<string, MetricFailure>();
  let worse: Worse | undefined;
  for (const metric of comparedMetrics(spec.analysis.metrics)) {
    const before = recordOf(status, metric) ?? newRecord(metric, situation.now);
    const { record, failure } = isDue(situation, metric, before)
      ? yield* look(situation, metric, before)
      : { record: before, failure: undefined };
    records.push(record);
    if (failure) failures.set(metric.name, failure);
    if (record.verdict === 'worse') worse ??= worseBy(record, metric);
  }
  return { records, failures, ...(worse && { worse }) };
}

/** Records of nothing yet, from now on: when the canary is about to get its first traffic. */
export function beginComparing({ spec, now }: Situation): Compared {
  const records = comparedMetrics(spec.analysis.metrics).map((metric) => newRecord(metric, now));
  return { records, failures: new Map() };
}

/** With all requests at the canary there is nothing to compare it with. */
function isDue(
  { status, now, strategy }: Situation,
  metric: ComparedMetric,
  { until }: ComparisonRecord,
): boolean {
  if (strategy === 'canary' && clampPercent(status.canaryWeight) === 100) return false;
  const least = metric.comparison.requests ? (readDuration(metricInterval(metric)) ?? 0) : shortestLookMs;
  return now - Date.parse(until) >= Math.max(least, shortestLookMs);
}

interface Look {
  readonly record: ComparisonRecord;
  readonly failure?: MetricFailure;
}

function* look({ now }: Situation, metric: ComparedMetric, before: ComparisonRecord): Asking<Look> {
  const fromMs = Date.parse(before.until);
  const past = before.looks === 0;
  const answer = yield* askCounts({ metric, fromMs, toMs: now, past });
  const { name } = metric;
  switch (answer.kind) {
    case 'error':
      return {
        record: before,
        failure: {
          code: 'metricError',
          metric: name,
          text: answer.text,
          unreachable: answer.unreachable ?? false,
        },
      };
    case 'noData': {
      const { provider, detail, diagnosis } = answer;
      const found = diagnosis === undefined ? {} : { diagnosis };
      const source = metric.comparison.requests ? 'template' : 'builtin';
      // a metric with a bound has its own query to say so
      if (hasBound(metric)) return { record: before };
      return {
        record: before,
        failure: { code: 'metricNoData', metric: name, source, provider, detail, ...found },
      };
    }
    case 'counts':
      return { record: answer.canary.requests > 0 ? withCounts(before, metric, answer, now) : before };
  }
}

/** What has been found of the metric so far. */
function recordOf({ comparisons }: CanaryStatus, metric: ComparedMetric): ComparisonRecord | undefined {
  return comparisons?.find((candidate) => fits(candidate, metric));
}

function worseBy(record: ComparisonRecord, metric: ComparedMetric): Worse {
  const { tolerance, falseAlarms: falsePositiveRate } = optionsOf(metric, record);
  return { code: 'worseThanPrimary', ...talliesOf(record, metric), tolerance, falsePositiveRate };
}

/** Why a rollback that is under way was begun, if it was for a comparison: from the status alone. */
export function worseIn({ spec, status }: Pick<Standing, 'spec' | 'status'>): Worse | undefined {
  for (const metric of comparedMetrics(spec.analysis.metrics)) {
    const record = recordOf(status, metric);
    if (record?.verdict === 'worse') return worseBy(record, metric);
  }
  return undefined;
}

/** The comparison that the promotion waits for, if any. */
export function undecidedMetric({ spec }: Standing, { comparisons = [] }: CanaryStatus): string | undefined {
  return comparedMetrics(spec.analysis.metrics).find(
    ({ name, comparison }) =>
      comparison.onUndecided === 'wait' &&
      comparisons.find(({ metric }) => metric === name)?.verdict !== 'notWorse',
  )?.name;
}

/** With what has been found in its status, so that whatever is written next says it. */
export function withRecords(situation: Situation, { records }: Compared): Situation {
  if (records.length === 0) return situation;
  return { ...situation, status: { ...situation.status, comparisons: [...records] } };
}
