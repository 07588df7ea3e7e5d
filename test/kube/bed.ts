import { Agent } from 'undici';
import type { Kind } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments, Secrets } from '../../lib/api/workloads.js';
import type { KubeCluster, Timeouts } from '../../lib/kube/cluster.js';
import { connectBy } from '../../lib/kube/connect.js';
import type { Connection } from '../../lib/kube/connection.js';
import type { RequestObserver } from '../../lib/kube/transport.js';
import { type ApiServer, type ApiServerOptions, startApiServer } from './apiServer.js';
import { createMemoryCluster, type MemoryCluster } from './memory.js';

export interface Bed {
  readonly server: ApiServer;
  /** Behind the server. */
  readonly memory: MemoryCluster;
  /** In front of it: what is tested. */
  readonly cluster: KubeCluster;
  close(): Promise<void>;
}

export interface BedOptions extends Partial<ApiServerOptions> {
  readonly timeouts?: Timeouts;
  readonly onRequest?: RequestObserver;
  /** Tokens the client has, the first until the server refuses it. */
  readonly tokens?: readonly string[];
}

const kinds: readonly Kind[] = [ConfigMaps, Deployments, Secrets];

/** A cluster in memory, an API server in front of it, and a client. */
export async function createBed(options: BedOptions = {}): Promise<Bed> {
  const memory = createMemoryCluster();
  const server = await startApiServer({ cluster: memory, kinds, ...options });
  const { onRequest, timeouts } = options;
  const cluster = connectBy(plainConnection(server.url, options.tokens ?? ['t0']), {
    version: '1.2.3',
    ...(onRequest ? { onRequest } : {}),
    ...(timeouts ? { timeouts } : {}),
  });
  return {
    server,
    memory,
    cluster,
    async close() {
      await cluster.close();
      await server.close();
    },
  };
}

function plainConnection(baseUrl: string, tokens: readonly string[]): Connection {
  const agent = new Agent({ allowH2: false });
  let used = 0;
  return {
    baseUrl,
    dispatcher: async () => agent,
    headers: async () => ({ authorization: `Bearer ${tokens[used]}` }),
    renew: () => {
      used = Math.min(used + 1, tokens.length - 1);
    },
    close: () => agent.destroy(),
  };
}

/** Resolves once `holds`; looks again whenever the event loop has turned. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
