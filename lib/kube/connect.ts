import { realClock } from './clock.js';
import { createCluster, type KubeCluster, type Timeouts } from './cluster.js';
import { type ConfigOptions, loadConnection } from './config.js';
import type { Connection } from './connection.js';
import { createRateLimit, type RateLimitOptions } from './rateLimit.js';
import { createTransport, type RequestObserver } from './transport.js';

export interface ConnectOptions extends ConfigOptions, RateLimitOptions {
  /** Of perch: goes into the User-Agent. */
  readonly version: string;
  /** Told of every request once its status is known. */
  readonly onRequest?: RequestObserver;
  readonly timeouts?: Timeouts;
}

/** A cluster by its configuration; fails only when that cannot be read: the first request shows if anyone answers. */
export async function connect(options: ConnectOptions): Promise<KubeCluster> {
  return connectBy(await loadConnection(options), options);
}

/** The cluster of another kubeconfig; undefined when it is the same API server as that of `options`. */
export async function connectElsewhere(
  options: ConnectOptions,
  kubeconfig: string,
): Promise<KubeCluster | undefined> {
  const [here, there] = await Promise.all([loadConnection(options), loadConnection({ kubeconfig })]);
  await here.close();
  if (here.baseUrl !== there.baseUrl) return connectBy(there, options);
  await there.close();
  return undefined;
}

/** A cluster by a connection that is made already. */
export function connectBy(
  connection: Connection,
  options: Omit<ConnectOptions, keyof ConfigOptions>,
): KubeCluster {
  const transport = createTransport({
    connection,
    rateLimit: createRateLimit(realClock, options),
    userAgent: `perch/${options.version}`,
    ...(options.onRequest ? { onRequest: options.onRequest } : {}),
  });
  return createCluster(
    transport,
    { namespace: connection.namespace, user: connection.user, close: () => connection.close() },
    options.timeouts,
  );
}
