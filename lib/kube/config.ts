import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PerchError } from '../api/errors.js';
import type { Connection } from './connection.js';
import { connectAs, type Identity } from './identity.js';
import { connectFromPod, inPod } from './serviceAccount.js';

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

/** Reads a configuration; nothing is sent yet. Throws KUBE_CONFIG when there is none, or it cannot be read. */
export async function loadConnection(options: ConfigOptions): Promise<Connection> {
  const { kubeconfig, master, context, kubectlOrder } = options;
  if (master) requireUrl(options, master);
  const asPod = inPod() && !(kubectlOrder && hasKubeconfig());
  if (kubeconfig) return connectByKubeconfig(options);
  if (context && (asPod || master)) {
    throw configError(options, `expected a kubeconfig with the context '${context}', got none`);
  }
  if (asPod) return connectFromPod(master);
  if (master) return { ...connectAs(master, async () => ({ tls: {}, headers: {} })), user: 'nobody' };
  return connectByKubeconfig(options);
}

async function connectByKubeconfig(options: ConfigOptions): Promise<Connection> {
  const config = await loadConfig(options);
  const cluster = config.getCurrentCluster();
  const server = requireUrl(options, options.master || cluster?.server);
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
  return { ...connectAs(server, identify, cluster?.proxyUrl), namespace, user };
}

async function loadConfig(options: ConfigOptions) {
  // ESM only, hence the dynamic import; and this file of it alone, because its door brings a class for every kind of
  // Kubernetes. Even so it is 1.7 MB, which a controller in its pod never loads.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    if (options.kubeconfig) config.loadFromFile(options.kubeconfig);
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

function requireUrl(options: ConfigOptions, server: string | undefined): string {
  if (server && /^https?:\/\//.test(server)) return server;
  throw configError(
    options,
    `expected a context with an API server's URL, got ${server ? `'${server}'` : 'none'}`,
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
