import { PerchError } from '../api/errors.js';
import { ApiError, type Cluster } from '../ports/cluster.js';
import type { MetricProviderContext } from '../ports/metrics.js';

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

/** What a request to the API server gives; a refusal says whose right or which kind is missing. */
export async function askCluster<T>(what: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new PerchError({
      code: 'METRIC_CLUSTER',
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
