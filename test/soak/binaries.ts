import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PerchError } from '../../lib/api/errors.js';

const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

export type Binaries = Readonly<Record<(typeof names)[number], string>>;

/** The programs of a control plane, from PATH or from the cluster kit's folder. */
export function findBinaries(): Binaries {
  const kit = join(process.env.PERCH_CLUSTER_HOME ?? join(homedir(), '.cache/perch-cluster'), 'bin');
  const folders = [...(process.env.PATH ?? '').split(delimiter), kit];
  const found = names.map((name) => [name, folders.map((folder) => join(folder, name)).find(isProgram)]);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length === 0) return Object.fromEntries(found) as Binaries;
  throw new PerchError({
    code: 'SOAK_BINARIES',
    message: `expected ${names.join(', ')} in PATH or in ${kit}, found no ${missing.join(', ')}`,
    remedy:
      'install Kubernetes 1.34 (server), etcd 3.6 and kwok 0.7 there, or run the cluster kit’s bootstrap',
    path: 'PATH',
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
