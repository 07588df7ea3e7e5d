import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

export interface KubeconfigCluster {
  server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
  readonly extensions?: readonly { readonly name: string; readonly extension: unknown }[];
}

export interface KubeconfigUser {
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: string[];
  readonly 'as-user-extra'?: Readonly<Record<string, string[]>>;
  readonly tokenFile?: string;
  exec?: ExecPlugin;
}

interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

interface KubeconfigContext {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

type Named<Field extends string, T> = { readonly name: string } & { readonly [field in Field]: T };

/** What perch itself reads of a kubeconfig; the client's KubeConfig reads the credentials in it. */
export interface Kubeconfig {
  'current-context'?: string;
  readonly clusters: Named<'cluster', KubeconfigCluster>[];
  readonly contexts: Named<'context', KubeconfigContext>[];
  readonly users: Named<'user', KubeconfigUser | null>[];
}

/** The files that kubectl reads where none is named; as by it, those that do not exist are passed over. */
export function kubeconfigFiles(): string[] {
  const { KUBECONFIG } = process.env;
  const files = KUBECONFIG ? KUBECONFIG.split(delimiter) : [join(homedir(), '.kube/config')];
  return files.filter((file) => file && existsSync(file));
}

/** The files as one: of what several say under the same name, the first counts, as for kubectl. */
export async function readKubeconfig(files: readonly string[]): Promise<Kubeconfig> {
  // Here, as a controller in its pod has no need of it.
  const { parse } = await import('yaml');
  const whole: Kubeconfig = { clusters: [], contexts: [], users: [] };
  for (const file of files) {
    const read = { ...parse(readFileSync(file, 'utf8'), { logLevel: 'error' }) } as Partial<Kubeconfig>;
    whole['current-context'] ||= read['current-context'];
    addNew(whole.contexts, read.contexts);
    addNew(whole.clusters, read.clusters, ({ cluster }) => absolute(cluster, clusterPaths, file));
    addNew(whole.users, read.users, ({ user }) => {
      absolute(user, userPaths, file);
      // What is no path is looked for on the PATH.
      if (user?.exec?.command?.includes('/')) absolute(user.exec, ['command'], file);
    });
  }
  return whole;
}

const clusterPaths = ['certificate-authority'];
const userPaths = ['client-certificate', 'client-key', 'tokenFile'];

function addNew<T extends { readonly name: string }>(
  known: T[],
  read: readonly T[] | undefined,
  prepare: (entry: T) => void = () => {},
): void {
  const names = new Set(known.map(({ name }) => name));
  for (const entry of Array.isArray(read) ? (read as T[]) : []) {
    if (names.has(entry.name)) continue;
    prepare(entry);
    known.push(entry);
  }
}

/** Paths in a kubeconfig are meant from its own folder. */
function absolute(entry: object | null | undefined, fields: readonly string[], file: string): void {
  for (const [name, path] of Object.entries(entry ?? {})) {
    if (fields.includes(name) && path) Object.assign(entry ?? {}, { [name]: resolve(dirname(file), path) });
  }
}
