import { readFile } from 'node:fs/promises';
import { PerchError } from '../api/errors.js';
import type { Connection } from './connection.js';
import { informPlugin } from './execPlugin.js';
import { connectAs, type Identity } from './identity.js';
import { impersonationHeaders } from './impersonation.js';
import { type Kubeconfig, kubeconfigFiles, readKubeconfig } from './kubeconfig.js';
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
  const asPod = inPod() && !(kubectlOrder && kubeconfigFiles().length > 0);
  if (kubeconfig) return connectByKubeconfig(options);
  if (context && (asPod || master)) {
    throw configError(options, `expected a kubeconfig with the context '${context}', got none`);
  }
  if (asPod) return connectFromPod(master);
  if (master) return { ...connectAs(master, async () => ({ tls: {}, headers: {} })), user: 'nobody' };
  return connectByKubeconfig(options);
}

async function connectByKubeconfig(options: ConfigOptions): Promise<Connection> {
  // ESM only, hence the dynamic import; and this file of it alone, because its door brings a class for every kind of
  // Kubernetes. Even so it is 1.7 MB, which a controller in its pod never loads.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  try {
    const files = options.kubeconfig ? [options.kubeconfig] : kubeconfigFiles();
    if (files.length === 0) throw new Error('there is none, neither in KUBECONFIG nor in ~/.kube/config');
    const { text, server, cluster, user, context } = resolveContext(options, await readKubeconfig(files));
    const load = () => {
      const config = new KubeConfig();
      config.loadFromString(text);
      return config;
    };
    let config = load();
    const identify = async (refused: boolean): Promise<Identity> => {
      // What a KubeConfig remembers of a plugin's token it keeps until that expires, if ever.
      if (refused) config = load();
      const found: { headers?: Record<string, string>; auth?: string } & Identity['tls'] = {};
      await config.applyToHTTPSOptions(found);
      const { auth, ca, cert, key, rejectUnauthorized, servername } = found;
      const headers: Identity['headers'] = { ...found.headers, ...impersonationHeaders(user) };
      if (auth) headers.Authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
      if (user.tokenFile) headers.Authorization = `Bearer ${(await readFile(user.tokenFile, 'utf8')).trim()}`;
      return { tls: { ca, cert, key, rejectUnauthorized, servername }, headers };
    };
    const { namespace, user: name } = context;
    return { ...connectAs(server, identify, cluster['proxy-url']), namespace, user: name };
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
    throw configError(options, cause instanceof Error ? cause.message : String(cause));
  }
}

/** The context in use and what it names, and the whole as a text of which that context is the current one. */
function resolveContext(options: ConfigOptions, config: Kubeconfig) {
  const name = options.context ?? config['current-context'];
  const context = config.contexts.find((known) => known.name === name)?.context;
  if (options.context && !context) {
    const names = config.contexts.map((known) => known.name).join(', ');
    throw configError(options, `expected one of the contexts ${names || '(none)'}, got '${options.context}'`);
  }
  const cluster = config.clusters.find((known) => known.name === context?.cluster)?.cluster ?? {};
  const user = config.users.find((known) => known.name === context?.user)?.user ?? {};
  const server = requireUrl(options, options.master || cluster.server);
  cluster.server = server;
  informPlugin(user, cluster);
  // KubeConfig refuses plain HTTP (a local proxy, a bench) unless told that there is nothing to verify.
  if (server.startsWith('http:')) cluster['insecure-skip-tls-verify'] = true;
  const text = JSON.stringify({ ...config, 'current-context': name });
  return { text, server, cluster, user, context: context ?? {} };
}

function requireUrl(options: ConfigOptions, server: string | undefined): string {
  if (server && /^https?:\/\//.test(server) && URL.canParse(server)) return server;
  throw configError(
    options,
    `expected a context with an API server's URL, got ${server ? `'${server}'` : 'none'}`,
  );
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
