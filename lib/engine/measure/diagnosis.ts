import type { Canary } from '../../api/canary.js';
import { metricInterval, referenceNamespace } from '../../api/defaults.js';
import { MetricTemplates } from '../../api/metricTemplate.js';
import { Deployments } from '../../api/workloads.js';
import type { MetricProvider } from '../../ports/metrics.js';
import { errorText } from '../errorText.js';
import { hostMismatch } from './loadTests.js';
import { type MetricQuestion, queryModel } from './model.js';
import { findTemplate, type MeasureContext, metricsServer, templateProvider } from './providers.js';

/**
 * Which link between the pods and a metric without values is broken; undefined when none is found to be. Costs a few
 * queries, and is asked only when there is no data.
 */
export async function diagnose(
  context: MeasureContext,
  canary: Canary,
  question: MetricQuestion,
): Promise<string | undefined> {
  try {
    return (
      unreadyPods(context, canary) ??
      (question.source === 'builtin'
        ? await diagnoseBuiltin(context, canary, question)
        : ((await missingSeries(context, canary, question)) ?? hostMismatch(context.objects, canary)))
    );
  } catch (error) {
    return `why is not known, as the metrics server no longer answers: ${errorText(error)}`;
  }
}

/** What to look at when nobody answers for a metric. */
export function unreachableText(
  { objects }: MeasureContext,
  canary: Canary,
  { source, metric: { templateRef } }: MetricQuestion,
): string {
  if (source !== 'template' || !templateRef) {
    return 'the metrics server cannot be reached: check spec.metricsServer of the Canary, or the flag -metrics-server';
  }
  const namespace = referenceNamespace(canary, templateRef);
  const address = objects.read(MetricTemplates, { namespace, name: templateRef.name })?.spec.provider.address;
  if (!address) return 'what has the metrics cannot be reached: it is asked again with the next check';
  const template = `${templateRef.name}.${namespace}`;
  return `the metrics server cannot be reached: check spec.provider.address of MetricTemplate ${template}`;
}

function unreadyPods({ objects }: MeasureContext, canary: Canary): string | undefined {
  const { kind, name } = canary.spec.targetRef;
  const { namespace = '' } = canary.metadata;
  const target = kind === 'Deployment' ? objects.read(Deployments, { namespace, name }) : undefined;
  if (!target || (target.status?.availableReplicas ?? 0) > 0) return undefined;
  return `no pod of ${name}.${namespace} is ready, so its Service has no endpoints`;
}

async function diagnoseBuiltin(
  context: MeasureContext,
  canary: Canary,
  { metric }: MetricQuestion,
): Promise<string> {
  const provider = canary.spec.provider || context.meshProvider;
  const { source, series, ...traces } = context.queries.traces(
    provider,
    queryModel(context.objects, canary, metricInterval(metric)),
  );
  const server = metricsServer(context, canary);
  if (!(await exists(server, series))) {
    if (!traces.alwaysThere || !(await exists(server, traces.alwaysThere))) {
      return `nothing scrapes ${source}: the metrics server has no series ${series}`;
    }
    return hostMismatch(context.objects, canary) ?? `${source} is scraped, and has had no request at all`;
  }
  if (await exists(server, traces.canary)) {
    return `${source} has counted requests for the canary, but none in two scrapes of the last ${metricInterval(metric)}: there is too little traffic, or the metric's interval is too short`;
  }
  if (traces.disguised && (await exists(server, traces.disguised))) {
    return 'the label namespace has become exported_namespace: set honor_labels: true in the scrape job of ingress-nginx';
  }
  const mismatch = hostMismatch(context.objects, canary);
  if (mismatch) return mismatch;
  return traces.primary && (await exists(server, traces.primary))
    ? `${source} has counted requests for the primary and none for the canary`
    : `${source} has counted no request for ${canary.spec.targetRef.name}.${canary.metadata.namespace}: nobody calls it`;
}

/** Of a query of the user's: does the server know the series at all? */
async function missingSeries(
  context: MeasureContext,
  canary: Canary,
  { source, metric }: MetricQuestion,
): Promise<string | undefined> {
  let query = metric.query ?? '';
  let server: MetricProvider | undefined;
  if (source === 'inline') server = metricsServer(context, canary);
  else if (metric.templateRef) {
    const template = findTemplate(context, canary, metric.templateRef);
    if (template.spec.provider.type !== 'prometheus') return undefined;
    query = template.spec.query;
    server = await templateProvider(context, template, metric.interval ?? '');
  }
  if (!server) return undefined;
  for (const series of new Set(context.queries.seriesIn(query))) {
    if (!(await exists(server, series)))
      return `the metrics server has no series ${series}: nothing exposes it, or nothing scrapes what does`;
  }
  return undefined;
}

async function exists(server: MetricProvider, selector: string): Promise<boolean> {
  const answer = await server.query(`count(${selector})`);
  return answer.kind === 'value' && answer.value > 0;
}
