import { PerchError } from '../../api/errors.js';
import { sleep } from '../../ports/clock.js';
import { ApiError, type Cluster } from '../../ports/cluster.js';
import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { askCluster, requireCluster } from '../homeCluster.js';
import { Analyses, type Analysis, KeptnMetrics } from './kinds.js';
import { type KeptnQuery, readQuery } from './query.js';

const pollMs = 1000;
const patienceMs = 10_000;
/** Names tried for an Analysis. */
const mostNames = 50;

type AnalysisQuery = Extract<KeptnQuery, { kind: 'analysis' }>;

/**
 * Keptn, in the controller's cluster: the value of a KeptnMetric, or an Analysis that is made for the check, waited for
 * up to 10 s, worth 1 when it passes and else 0, and deleted. Always online, as in Flagger.
 *
 * Throws a PerchError when the controller has no cluster.
 */
export function keptnProvider(context: MetricProviderContext): MetricProvider {
  const cluster = requireCluster('KeptnProvider', context);
  return {
    query: async (text) => {
      const query = readQuery(text);
      return query.kind === 'metric' ? readMetric(cluster, query) : analyse(context, cluster, query);
    },
    online: async () => {},
  };
}

async function readMetric(cluster: Cluster, { namespace, name }: KeptnQuery): Promise<Measurement> {
  const what = `could not retrieve KeptnMetric ${namespace}/${name}`;
  const { status } = await askCluster(what, cluster.get(KeptnMetrics, { namespace, name }));
  const text = status?.value?.trim();
  if (!text || /^[+-]?nan$/i.test(text)) {
    return { kind: 'noData', detail: `could not retrieve KeptnMetric ${namespace}/${name}: no values found` };
  }
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  const value = infinite ? Number(`${infinite[1]}Infinity`) : Number(text);
  if (Number.isNaN(value)) {
    throw failed(
      `could not parse value of KeptnMetric ${namespace}/${name}: expected a number, given ${text}`,
      'correct the query of the KeptnMetric',
    );
  }
  return { kind: 'value', value };
}

async function analyse(
  { clock }: MetricProviderContext,
  cluster: Cluster,
  query: AnalysisQuery,
): Promise<Measurement> {
  const { namespace, name, recent, args } = query;
  const label = `Keptn Analysis ${namespace}/${name}`;
  const started = clock.now();
  const spec = { analysisDefinition: { name }, timeframe: { recent }, args };
  const made = createUnderFreeName(cluster, { namespace, name }, spec, started);
  const key = await askCluster(`could not create ${label}`, made);
  try {
    while (clock.now() - started < patienceMs) {
      await sleep(clock, pollMs);
      const { status } = await askCluster(
        `could not check status of created ${label}`,
        cluster.get(Analyses, key),
      );
      // Keptn leaves `pass` out when it is false.
      if (status?.state === 'Completed') return { kind: 'value', value: status.pass ? 1 : 0 };
    }
  } finally {
    // One that stays does nothing any more; the check has its outcome.
    await cluster.delete(Analyses, key).catch(() => {});
  }
  throw failed(
    `encountered timeout while waiting for ${label} to be finished: expected it within ${patienceMs} ms`,
    'see that Keptn’s metrics operator runs and that the AnalysisDefinition exists',
  );
}

/** Canaries that are checked in the same millisecond take names one after the other. */
async function createUnderFreeName(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  spec: Analysis['spec'],
  from: number,
): Promise<{ namespace: string; name: string }> {
  for (let at = from; ; at++) {
    // six characters that differ from one millisecond to the next, and return after 25 days
    const key = { namespace, name: `${name}-${at.toString(36).slice(-6)}` };
    try {
      await cluster.create(Analyses, { metadata: { ...key }, spec });
      return key;
    } catch (error) {
      const isTaken = error instanceof ApiError && error.status === 409;
      if (!isTaken || at - from >= mostNames) throw error;
    }
  }
}

function failed(message: string, remedy: string): PerchError {
  return new PerchError({ code: 'METRIC_ANSWER', message, remedy, path: 'spec.query' });
}
