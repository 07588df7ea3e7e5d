import { PerchError } from '../api/errors.js';
import { type Clock, sleep } from '../ports/clock.js';
import { ApiError, type Cluster } from '../ports/cluster.js';
import type { MetricProviderContext } from '../ports/metrics.js';
import { busy } from './answer.js';

/** The cluster of the controller. Throws METRIC_CLUSTER when there is none. */
export function requireCluster(provider: string, { cluster }: MetricProviderContext): Cluster {
  if (cluster) return cluster;
  throw noCluster(provider);
}

/** There is no cluster, or one that has nothing but stored objects, as that of the simulator. */
export function noCluster(provider: string): PerchError {
  return new PerchError({
    code: 'METRIC_CLUSTER',
    message: `could not initialize ${provider}: expected a Kubernetes cluster that has its metrics, given none`,
    remedy: 'run the controller in the cluster that has them, or ask another provider',
    path: 'spec.provider.type',
  });
}

/** As Flagger waits for the external metrics API, milliseconds. */
const patienceMs = 5000;

/** The same, or an ApiError when there is none for five seconds. */
export async function answeredSoon<T>(clock: Clock, request: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = sleep(clock, patienceMs, answered.signal).then(() => {
    throw new ApiError(0, 'Timeout', `no answer within ${patienceMs} ms`);
  });
  try {
    return await Promise.race([request, late]);
  } finally {
    answered.abort();
  }
}

/** Statuses of an API server that is away, or busy as a metrics server may be; 0 is no answer. */
const away: readonly number[] = [0, ...busy];

/**
 * What a request to the API server gives. Throws METRIC_CLUSTER for a refusal, which says whose right or which kind is
 * missing, and METRIC_BUSY when nobody answered.
 */
export async function askCluster<T>(what: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new PerchError({
      code: away.includes(error.status) ? 'METRIC_BUSY' : 'METRIC_CLUSTER',
      message: `${what}: ${error.message}`,
      remedy: remedies[error.status] ?? 'the API server says what is wrong; the check is made again',
      path: 'spec.query',
      cause: error,
    });
  }
}

const remedies: Readonly<Record<number, string>> = {
  403: 'let the controller’s ClusterRole do what the API server forbids',
  404: 'correct the query, or install what serves that kind of metric',
};
