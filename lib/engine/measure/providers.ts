import type { Canary, CanaryMetric } from '../../api/canary.js';
import { referenceNamespace } from '../../api/defaults.js';
import { readDuration } from '../../api/duration.js';
import { PerchError } from '../../api/errors.js';
import type { Memo } from '../../api/memo.js';
import { type MetricTemplate, MetricTemplates } from '../../api/metricTemplate.js';
import type { Clock } from '../../ports/clock.js';
import type { Cluster } from '../../ports/cluster.js';
import type { Http } from '../../ports/http.js';
import type {
  Measurement,
  MetricProvider,
  MetricProviderFactory,
  Queries,
  QueryModel,
} from '../../ports/metrics.js';
import type { Objects } from '../../ports/objects.js';
import { errorText } from '../errorText.js';
import { readSecret } from '../secret.js';
import type { OnlineChecks } from './onlineChecks.js';
import type { SharedQueries } from './sharedQueries.js';

export interface MeasureContext {
  readonly objects: Objects;
  /** For providers that keep their metrics in it. */
  readonly cluster?: Cluster;
  readonly http: Http;
  readonly clock: Clock;
  readonly metricProviders: Readonly<Record<string, MetricProviderFactory>>;
  readonly queries: Queries;
  readonly onlineChecks: OnlineChecks;
  readonly sharedQueries: SharedQueries;
  /** Clients of the Prometheus servers that canaries name, by address. */
  readonly metricsServers: Memo<MetricProvider>;
  /** Address of the Prometheus of built-in metrics, where the canary names none. */
  readonly metricsServer: string;
  /** Of canaries that name none. */
  readonly meshProvider: string;
}

export type TemplateRef = NonNullable<CanaryMetric['templateRef']>;

export function metricsAddress(context: MeasureContext, canary: Canary): string {
  return canary.spec.metricsServer || context.metricsServer;
}

/** The Prometheus that answers built-in and inline queries. */
export function metricsServer(context: MeasureContext, canary: Canary): MetricProvider {
  const address = metricsAddress(context, canary);
  const { http, clock, metricsServers } = context;
  try {
    return metricsServers(address, () => factoryOf(context, 'prometheus')({ http, clock, address }));
  } catch (error) {
    throw unavailable(
      `Error building Prometheus client for ${address} ${errorText(error)}`,
      'spec.metricsServer',
      error,
    );
  }
}

export function findTemplate(context: MeasureContext, canary: Canary, ref: TemplateRef): MetricTemplate {
  const namespace = referenceNamespace(canary, ref);
  const found = context.objects.read(MetricTemplates, { namespace, name: ref.name });
  if (found) return found;
  const text = `Metric template ${ref.name}.${namespace} error: metrictemplates.flagger.app "${ref.name}" not found`;
  throw unavailable(text, 'spec.analysis.metrics.templateRef');
}

/** What answers a template's query; each failure says, as Flagger does, which of its parts is wrong. */
export async function templateProvider(
  context: MeasureContext,
  template: MetricTemplate,
  interval: string,
): Promise<MetricProvider> {
  const { provider } = template.spec;
  const { name, namespace = '' } = template.metadata;
  const label = `Metric template ${name}.${namespace}`;
  const secretName = provider.secretRef?.name;
  const secret = secretName
    ? await readSecret(context.objects, namespace, secretName).catch((error: unknown) => {
        throw unavailable(
          `${label} secret ${secretName} error: ${errorText(error)}`,
          'spec.provider.secretRef',
          error,
        );
      })
    : undefined;
  const intervalMs = readDuration(interval);
  try {
    return factoryOf(
      context,
      provider.type,
    )({
      http: context.http,
      clock: context.clock,
      address: provider.address ?? '',
      ...(context.cluster ? { cluster: context.cluster } : {}),
      ...(secret ? { secret } : {}),
      ...(provider.headers ? { headers: provider.headers } : {}),
      ...(provider.region ? { region: provider.region } : {}),
      ...(intervalMs === undefined ? {} : { intervalMs }),
      insecureSkipVerify: provider.insecureSkipVerify ?? false,
    });
  } catch (error) {
    throw unavailable(
      `${label} provider ${provider.type} error: ${errorText(error)}`,
      'spec.provider',
      error,
    );
  }
}

/** Asks a template's query of its provider, for any model of the same interval. */
export async function templateQuery(
  context: MeasureContext,
  canary: Canary,
  ref: TemplateRef,
  interval: string,
): Promise<(model: QueryModel) => Promise<Measurement>> {
  const template = findTemplate(context, canary, ref);
  const provider = await templateProvider(context, template, interval);
  return async (model) => provider.query(renderTemplate(context, template, model));
}

/** The template's query as it is asked. */
function renderTemplate(
  { queries }: MeasureContext,
  { metadata: { name, namespace = '' }, spec }: MetricTemplate,
  model: QueryModel,
): string {
  try {
    return queries.render(spec.query, model);
  } catch (error) {
    const text = `Metric template ${name}.${namespace} query render error: ${errorText(error)}`;
    throw unavailable(text, 'spec.query', error);
  }
}

function factoryOf({ metricProviders }: MeasureContext, type: string): MetricProviderFactory {
  const factory = Object.hasOwn(metricProviders, type) ? metricProviders[type] : undefined;
  if (factory) return factory;
  throw new PerchError({
    code: 'ENGINE_METRIC_PROVIDER',
    message: `expected a provider type of ${Object.keys(metricProviders).join(', ')}, got ${type}`,
    remedy: 'correct spec.provider.type of the MetricTemplate',
    path: 'spec.provider.type',
  });
}

/** An error whose message is the whole event. */
export function unavailable(message: string, path: string, cause?: unknown): PerchError {
  return new PerchError({
    code: 'ENGINE_METRIC_UNAVAILABLE',
    message,
    remedy: cause instanceof PerchError ? cause.remedy : 'correct the name, or create what it names',
    path,
    cause,
  });
}

export function isUnavailable(error: unknown): boolean {
  return error instanceof PerchError && error.code === 'ENGINE_METRIC_UNAVAILABLE';
}
