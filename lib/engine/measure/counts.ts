import type { Canary } from '../../api/canary.js';
import { metricInterval } from '../../api/defaults.js';
import { readDuration } from '../../api/duration.js';
import type { CountsAnswer, Question, VersionCounts } from '../../core/decision.js';
import type { CountQueries, Course, FailureQueries, MetricProvider } from '../../ports/metrics.js';
import { diagnose } from './diagnosis.js';
import { failureOf } from './failure.js';
import { cumulative, durations, spansOf } from './histogram.js';
import { isBuiltin, metricsOf, queryModel } from './model.js';
import {
  type MeasureContext,
  metricsServer,
  type TemplateRef,
  templateQuery,
  unavailable,
} from './providers.js';

export type CountsQuestion = Extract<Question, { type: 'counts' }>;

type Counted = Extract<CountsAnswer, { kind: 'counts' }>;

/** The requests of canary and primary in a span; a canary that had none for the metric's interval has no data. */
export async function measureCounts(
  context: MeasureContext,
  canary: Canary,
  question: CountsQuestion,
): Promise<CountsAnswer> {
  const { metric, fromMs, toMs } = question;
  try {
    const counted = await count(context, canary, question);
    const intervalMs = readDuration(metricInterval(metric)) ?? 0;
    if (counted.canary.requests > 0 || toMs - fromMs < intervalMs) return counted;
  } catch (error) {
    return failureOf(`Comparison of ${metric.name} with the primary failed`, error);
  }
  const provider = metricsOf(canary, context.meshProvider);
  const source = isBuiltin(metric.name) ? 'builtin' : 'template';
  const diagnosis = await diagnose(context, canary, { type: 'metric', metric, source });
  const detail = 'no requests to compare';
  return { kind: 'noData', provider, detail, ...(diagnosis === undefined ? {} : { diagnosis }) };
}

function count(context: MeasureContext, canary: Canary, question: CountsQuestion): Promise<Counted> {
  const { name, comparison: { requests, bad } = {} } = question.metric;
  if (requests && bad) return countByTemplates(context, canary, question, { requests, bad });
  if (isBuiltin(name)) return countBuiltin(context, canary, { ...question, name });
  throw unavailable(
    `Comparison of ${name} with the primary failed: it is not built in and names no templates`,
    'spec.analysis.metrics.comparison',
  );
}

/** Each template is asked for the canary, and for the primary in its place. */
async function countByTemplates(
  context: MeasureContext,
  canary: Canary,
  { metric, fromMs, toMs }: CountsQuestion,
  refs: Readonly<Record<'requests' | 'bad', TemplateRef>>,
): Promise<Counted> {
  // whole seconds, fewer rather than more, so that no request is counted twice
  const interval = `${Math.max(1, Math.floor((toMs - fromMs) / 1000))}s`;
  const [requestsOf, badOf] = [
    await templateQuery(context, canary, refs.requests, interval),
    await templateQuery(context, canary, refs.bad, interval),
  ];
  const of = async (version: 'canary' | 'primary'): Promise<VersionCounts> => {
    const model = queryModel(context.objects, canary, interval, { ...metric.templateVariables, version });
    const target = version === 'primary' ? `${model.target}-primary` : model.target;
    const value = async (query: typeof requestsOf): Promise<number> => {
      const measured = await query({ ...model, target });
      return measured.kind === 'value' ? Math.max(0, measured.value) : 0;
    };
    const [requests, bad] = [await value(requestsOf), await value(badOf)];
    return { requests, bad: [Math.min(bad, requests)] };
  };
  return { kind: 'counts', canary: await of('canary'), primary: await of('primary') };
}

async function countBuiltin(
  context: MeasureContext,
  canary: Canary,
  question: CountsQuestion & { readonly name: 'request-success-rate' | 'request-duration' },
): Promise<Counted> {
  const { metric, name, fromMs, toMs } = question;
  const provider = metricsOf(canary, context.meshProvider);
  const model = queryModel(context.objects, canary, metricInterval(metric));
  const queries = context.queries.counts(provider, name, model, toMs - fromMs);
  const server = metricsServer(context, canary);
  if (queries && server.seriesAt)
    return run(queries, (query, atMs) => server.seriesAt!(query, atMs), question);
  throw unavailable(
    `Comparison of ${name} with the primary failed: the series of provider ${provider} do not tell the canary's requests from the primary's; compare by MetricTemplates, in comparison.requests and comparison.bad`,
    'spec.analysis.metrics.comparison',
  );
}

type Series = NonNullable<MetricProvider['seriesAt']>;

async function run(
  queries: CountQueries,
  series: Series,
  { fromMs, toMs, past: wantsPast }: CountsQuestion,
): Promise<Counted> {
  if (queries.of === 'failures') {
    const of = async ({ requests, bad }: FailureQueries): Promise<VersionCounts> => ({
      requests: sumOf(await series(requests, toMs)),
      bad: [sumOf(await series(bad, toMs))],
    });
    const [canary, primary] = [await of(queries.canary), await of(queries.primary)];
    if (!wantsPast) return { kind: 'counts', canary, primary };
    const { past } = queries;
    const [requests, bad] = [await series(past.requests, fromMs), await series(past.bad, fromMs)];
    return { kind: 'counts', canary, primary, past: spansOf(cumulative(requests), [cumulative(bad)]) };
  }
  const [canary, primary] = [await series(queries.canary, toMs), await series(queries.primary, toMs)];
  const past = wantsPast ? await series(queries.past, fromMs) : [];
  return { kind: 'counts', ...durations({ canary, primary, past }, queries.unitMs) };
}

function sumOf(series: readonly Course[]): number {
  return series.reduce((sum, { points }) => sum + (points.at(-1)?.value ?? 0), 0);
}
