import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Connection } from './connection.js';
import { connectAs, type Identity } from './identity.js';

/** Where every pod with a service account finds it. */
export const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** True in a pod that has a service account. */
export function inPod(folder = ACCOUNT_FOLDER): boolean {
  return Boolean(process.env.KUBERNETES_SERVICE_HOST) && existsSync(join(folder, 'token'));
}

/**
 * The API server as a pod finds it, or `master` with the pod's account. Read here and not by KubeConfig, whose 1.7 MB of
 * program a controller in its pod has no other need of.
 */
export async function connectFromPod(master?: string, folder = ACCOUNT_FOLDER): Promise<Connection> {
  const namespace = join(folder, 'namespace');
  return {
    ...connectAs(master || serverOfPod(process.env), () => readIdentity(folder)),
    namespace: existsSync(namespace) ? (await readFile(namespace, 'utf8')).trim() : undefined,
    user: 'inClusterUser',
  };
}

/** As client-go's InClusterConfig: never in plain text, as the pod's token goes with each request. */
function serverOfPod({ KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' }): string {
  return `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The kubelet renews the token in its file, and the authority too. */
async function readIdentity(folder: string): Promise<Identity> {
  const [ca, token] = await Promise.all([
    readFile(join(folder, 'ca.crt'), 'utf8'),
    readFile(join(folder, 'token'), 'utf8'),
  ]);
  return { tls: { ca }, headers: { Authorization: `Bearer ${token.trim()}` } };
}
