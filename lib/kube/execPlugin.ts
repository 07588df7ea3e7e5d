import { readFileSync } from 'node:fs';
import type { KubeconfigCluster, KubeconfigUser } from './kubeconfig.js';

/** Where a cluster says what its credential plugins are to know. */
const EXTENSION = 'client.authentication.k8s.io/exec';

/** The plugin is told in its environment what it is asked for, as by kubectl: with the cluster, if it wants that. */
export function informPlugin(user: KubeconfigUser, cluster: KubeconfigCluster): void {
  if (!user.exec) return;
  const { apiVersion, env, provideClusterInfo } = user.exec;
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    // Its input is no terminal.
    spec: { interactive: false, ...(provideClusterInfo && { cluster: describe(cluster) }) },
  };
  user.exec = {
    ...user.exec,
    env: [...(env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }],
  };
}

function describe(cluster: KubeconfigCluster): object {
  const { 'certificate-authority': file, extensions, ...rest } = cluster;
  return {
    server: rest.server,
    'tls-server-name': rest['tls-server-name'],
    'insecure-skip-tls-verify': rest['insecure-skip-tls-verify'],
    'certificate-authority-data':
      rest['certificate-authority-data'] ?? (file ? readFileSync(file).toString('base64') : undefined),
    'proxy-url': rest['proxy-url'],
    config: extensions?.find(({ name }) => name === EXTENSION)?.extension,
  };
}
