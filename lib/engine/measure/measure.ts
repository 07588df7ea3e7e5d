import type { Canary, CanaryMetric } from '../../api/canary.js';
import { metricInterval } from '../../api/defaults.js';
import type { MetricAnswer, OnlineAnswer } from '../../core/decision.js';
import type { Measurement } from '../../ports/metrics.js';
import { advisedText } from '../errorText.js';
import { diagnose, unreachableText } from './diagnosis.js';
import { failureOf } from './failure.js';
import { type BuiltinName, isBuiltin, type MetricQuestion, metricsOf, queryModel } from './model.js';
import {
  findTemplate,
  isUnavailable,
  type MeasureContext,
  metricsAddress,
  metricsServer,
  type TemplateRef,
  templateProvider,
  templateQuery,
} from './providers.js';

export type { MetricQuestion } from './model.js';
export type { MeasureContext } from './providers.js';

/**
 * Answers a metric of a canary; a failure of any kind is an answer too, in the words of Flagger's events, with what is
 * known of its cause.
 */
export async function measure(
  context: MeasureContext,
  canary: Canary,
  question: MetricQuestion,
): Promise<MetricAnswer> {
  const answer = await ask(context, canary, question);
  if (answer.kind === 'error' && answer.unreachable) {
    return { ...answer, text: `${answer.text}; ${unreachableText(context, canary, question)}` };
  }
  if (answer.kind !== 'noData') return answer;
  const diagnosis = await diagnose(context, canary, question);
  return diagnosis === undefined ? answer : { ...answer, diagnosis };
}

async function ask(
  context: MeasureContext,
  canary: Canary,
  { metric, source }: MetricQuestion,
): Promise<MetricAnswer> {
  if (source === 'inline') return measureInline(context, canary, metric);
  if (source === 'template' && metric.templateRef) {
    return measureTemplate(context, canary, metric, metric.templateRef);
  }
  if (isBuiltin(metric.name)) return measureBuiltin(context, canary, metric, metric.name);
  return {
    kind: 'error',
    text: `Metric query failed for ${metric.name}: it is not built in and names no template`,
  };
}

/** What Flagger says before whatever goes wrong with a built-in query, and with no other. */
const queryFailed = 'running query failed';

async function measureBuiltin(
  context: MeasureContext,
  canary: Canary,
  metric: CanaryMetric,
  name: BuiltinName,
): Promise<MetricAnswer> {
  const provider = metricsOf(canary, context.meshProvider);
  return answer(provider, `Prometheus query failed: ${queryFailed}`, async () => {
    const builtin = context.queries.builtin(provider, name);
    const model = queryModel(context.objects, canary, metricInterval(metric));
    const server = metricsServer(context, canary);
    const { render } = context.queries;
    const measured = await context.sharedQueries.ask({
      address: metricsAddress(context, canary),
      provider: server,
      model,
      shared: builtin.shared,
      render,
      alone: () => server.query(render(builtin.query, model)),
    });
    if (measured.kind === 'noData') return { ...measured, detail: `${queryFailed}: ${measured.detail}` };
    // a duration is answered in milliseconds
    const inSeconds = name === 'request-duration' && builtin.unit === 's';
    return inSeconds ? { ...measured, value: measured.value * 1000 } : measured;
  });
}

function measureInline(context: MeasureContext, canary: Canary, metric: CanaryMetric): Promise<MetricAnswer> {
  return answer('prometheus', `Prometheus query failed for ${metric.name}`, () => {
    const model = queryModel(context.objects, canary, metricInterval(metric));
    return metricsServer(context, canary).query(context.queries.render(metric.query ?? '', model));
  });
}

function measureTemplate(
  context: MeasureContext,
  canary: Canary,
  metric: CanaryMetric,
  ref: TemplateRef,
): Promise<MetricAnswer> {
  return answer('', `Metric query failed for ${metric.name}`, async () => {
    const interval = metric.interval ?? '';
    const query = await templateQuery(context, canary, ref, interval);
    return query(queryModel(context.objects, canary, interval, metric.templateVariables));
  });
}

/** A measurement as the answer to the core; `failure` is what Flagger says before the error of a failed query. */
async function answer(
  provider: string,
  failure: string,
  work: () => Promise<Measurement>,
): Promise<MetricAnswer> {
  try {
    const measured = await work();
    return measured.kind === 'value' ? measured : { ...measured, provider };
  } catch (error) {
    return failureOf(failure, error);
  }
}

/** Do all providers that the canary's metrics name answer at all? The first that does not is named. */
export async function metricsOnline(context: MeasureContext, canary: Canary): Promise<OnlineAnswer> {
  for (const metric of canary.spec.analysis.metrics ?? []) {
    const error = await offlineReason(context, canary, metric);
    if (error !== undefined) return { ok: false, error };
  }
  return { ok: true };
}

async function offlineReason(
  context: MeasureContext,
  canary: Canary,
  metric: CanaryMetric,
): Promise<string | undefined> {
  let label = 'prometheus not available';
  try {
    if (isBuiltin(metric.name)) {
      const server = metricsServer(context, canary);
      await context.onlineChecks.share(metricsAddress(context, canary), () => server.online());
    }
    if (!metric.templateRef) return undefined;
    const template = findTemplate(context, canary, metric.templateRef);
    const { name, namespace } = template.metadata;
    label = `${template.spec.provider.type} in metric template ${name}.${namespace} not available`;
    const provider = await templateProvider(context, template, metric.interval ?? '');
    await context.onlineChecks.share(`${name}.${namespace}`, () => provider.online());
    return undefined;
  } catch (error) {
    return isUnavailable(error) ? advisedText(error) : `${label}: ${advisedText(error)}`;
  }
}
