import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';

export interface WaitArgs {
  /**
   * Whether an update is over only when the controller has decided on this very revision: Initialized the first time,
   * Succeeded later; a rollback fails the update with the reason. @default true
   */
  readonly wait?: boolean;
  /** Longest wait, as a duration such as `30m`. @default 1h */
  readonly waitTimeout?: string;
  /** Path or content of the kubeconfig to wait with. @default - as kubectl: KUBECONFIG, ~/.kube/config, the pod's */
  readonly kubeconfig?: pulumi.Input<string>;
  /** Context of the kubeconfig. @default - its current one */
  readonly context?: pulumi.Input<string>;
}

/** What `perch wait --json` prints. */
export interface Release {
  readonly verdict: 'succeeded' | 'failed' | 'suspended';
  readonly phase?: string;
  readonly primaryRevision?: string;
  readonly reasons?: readonly string[];
}

/** Runs the command line that comes with this package. */
export type RunPerch = (
  argv: readonly string[],
) => Promise<{ readonly code: number; readonly out: string; readonly error: string }>;

interface WaitFor {
  readonly namespace: string;
  readonly name: string;
  readonly timeout: string;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * Waits until the controller has decided on what the target is now. The command line does it in a process of its own,
 * so that a Pulumi program loads no Kubernetes client. Throws a RunError when the revision was rolled back.
 */
export async function awaitRelease(
  { namespace, name, timeout, kubeconfig, context }: WaitFor,
  run: RunPerch = runPerch,
): Promise<Release> {
  const folder =
    kubeconfig?.includes('\n') || kubeconfig?.startsWith('{') ? await mkdtemp(join(tmpdir(), 'perch-')) : '';
  try {
    const file = folder ? join(folder, 'kubeconfig') : kubeconfig;
    // It may hold a token: nobody else may read it, and it goes when the wait is over.
    if (folder && kubeconfig && file) await writeFile(file, kubeconfig, { mode: 0o600 });
    const { code, out, error } = await run([
      ...['wait', `${namespace}/${name}`, '--json', '--timeout', timeout],
      ...(file ? ['--kubeconfig', file] : []),
      ...(context ? ['--context', context] : []),
    ]);
    if (code !== 0) throw new pulumi.RunError(`release of ${namespace}/${name}: ${error.trim()}`);
    return JSON.parse(out) as Release;
  } finally {
    if (folder) await rm(folder, { recursive: true });
  }
}

function runPerch(argv: readonly string[]): ReturnType<RunPerch> {
  const cli = join(__dirname, '..', 'perch.js');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...argv], (failure, out, error) => {
      // Without a word of its own it did not even start.
      resolve({ code: child.exitCode ?? 1, out, error: error || (failure?.message ?? '') });
    });
  });
}
