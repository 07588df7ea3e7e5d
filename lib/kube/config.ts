import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { PerchError } from '../api/errors.js';
import type { Connection } from './connection.js';

export interface ConfigOptions {
  /** Path of a kubeconfig; when absent: the pod's service account, else `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Address of the API server, instead of the one in the configuration. */
  readonly master?: string;
  /** Context to use. @default - the kubeconfig's current one */
  readonly context?: string;
  /** A kubeconfig, where there is one, before the pod's service account: as kubectl. @default false */
  readonly kubectlOrder?: boolean;
}

/** What KubeConfig says of an identity: certificates for the connection, headers for the requests. */
interface Identity {
  readonly tls: {
    ca?: string | Buffer;
    cert?: string | Buffer;
    key?: string | Buffer;
    rejectUnauthorized?: boolean;
    servername?: string;
  };
  readonly headers: Record<string, string>;
}

/** How long headers are trusted before they are asked for again; as client-go, and as KubeConfig's token files. */
const TRUSTED_MS = 60_000;

/** Sockets are kept for less than the 90 s after which a Go server closes an idle one. */
const KEEP_ALIVE = { keepAliveTimeout: 60_000, keepAliveMaxTimeout: 60_000 };

/** Reads a configuration; nothing is sent yet. Throws KUBE_CONFIG when there is none, or it cannot be read. */
export async function loadConnection(options: ConfigOptions): Promise<Connection> {
  const config = await loadConfig(options);
  const cluster = config.getCurrentCluster();
  const server = options.master || cluster?.server;
  if (!server || !/^https?:\/\//.test(server)) {
    throw configError(
      options,
      `expected a context with an API server's URL, got ${server ? `'${server}'` : 'none'}`,
    );
  }
  // KubeConfig refuses plain HTTP (a local proxy, a bench) unless told that there is nothing to verify.
  if (cluster && server.startsWith('http:')) Object.assign(cluster, { server, skipTLSVerify: true });
  const identify = async (): Promise<Identity> => {
    const found: { headers?: Record<string, string>; auth?: string } & Identity['tls'] = {};
    await config.applyToHTTPSOptions(found);
    const { headers = {}, auth, ca, cert, key, rejectUnauthorized, servername } = found;
    if (auth) headers.Authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
    return { tls: { ca, cert, key, rejectUnauthorized, servername }, headers };
  };
  const { namespace, user } = config.getContextObject(config.getCurrentContext()) ?? {};
  return { ...remember(server.replace(/\/+$/, ''), cluster?.proxyUrl, identify), namespace, user };
}

/** Asks for the identity now and then, and connects anew when its certificates have changed. */
function remember(baseUrl: string, proxy: string | undefined, identify: () => Promise<Identity>): Connection {
  let known: Promise<Identity> | undefined;
  let knownUntil = 0;
  let dispatcher: Dispatcher | undefined;
  let connectedWith = '';
  const identity = (): Promise<Identity> => {
    if (known && Date.now() < knownUntil) return known;
    knownUntil = Date.now() + TRUSTED_MS;
    known = identify();
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
  return {
    baseUrl,
    headers: async () => (await identity()).headers,
    async dispatcher() {
      const { tls } = await identity();
      const fingerprint = JSON.stringify(tls);
      if (!dispatcher || fingerprint !== connectedWith) {
        // Requests under way end on the old connections; watches on them end with the server's patience.
        void dispatcher?.close();
        dispatcher = connectWith(tls, proxy);
        connectedWith = fingerprint;
      }
      return dispatcher;
    },
    renew() {
      known = undefined;
    },
    async close() {
      await dispatcher?.destroy();
    },
  };
}

function connectWith(tls: Identity['tls'], proxy: string | undefined): Dispatcher {
  // HTTP/1.1: one slow watch then never holds up a write; keep-alive probes find half-open connections.
  const connect = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
  if (!proxy) return new Agent({ ...KEEP_ALIVE, allowH2: false, connect });
  return new ProxyAgent({ ...KEEP_ALIVE, allowH2: false, uri: proxy, requestTls: connect });
}

async function loadConfig(options: ConfigOptions) {
  // ESM only, hence the dynamic import; and this file of it alone, because its door brings a class for every
  // kind of Kubernetes: 15 MB of bundle, 45 MB of memory.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    if (options.kubeconfig) config.loadFromFile(options.kubeconfig);
    else if (inPod() && !(options.kubectlOrder && hasKubeconfig())) config.loadFromCluster();
    else if (options.master)
      config.loadFromClusterAndUser(
        { name: 'master', server: options.master, skipTLSVerify: false },
        { name: 'nobody' },
      );
    else if (hasKubeconfig()) config.loadFromDefault();
    else throw new Error('there is none, neither in KUBECONFIG nor in ~/.kube/config');
  } catch (cause) {
    throw configError(options, cause instanceof Error ? cause.message : String(cause));
  }
  if (options.context) {
    if (!config.getContextObject(options.context)) {
      const names = config.getContexts().map(({ name }) => name);
      throw configError(
        options,
        `expected one of the contexts ${names.join(', ') || '(none)'}, got '${options.context}'`,
      );
    }
    config.setCurrentContext(options.context);
  }
  return config;
}

function inPod(): boolean {
  return (
    Boolean(process.env.KUBERNETES_SERVICE_HOST) &&
    existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token')
  );
}

function hasKubeconfig(): boolean {
  return Boolean(process.env.KUBECONFIG) || existsSync(join(homedir(), '.kube/config'));
}

function configError(options: ConfigOptions, message: string): PerchError {
  return new PerchError({
    code: 'KUBE_CONFIG',
    message: `the cluster's configuration cannot be used: ${message}`,
    remedy:
      'name a readable kubeconfig with --kubeconfig or KUBECONFIG, and a context that it has; or run in a pod with a service account',
    path: options.kubeconfig || process.env.KUBECONFIG || '~/.kube/config',
  });
}
