import { join } from 'node:path';
import { endingOf } from './command.ts';
import type { Ground } from './ground.ts';

/**
 * Runs a program of this checkout that starts a control plane of its own beside the cluster, and shows what it prints.
 * Where there are no binaries of one it says so, which is no failure.
 */
export async function runOnOwnPlane(
  { root, cluster }: Ground,
  path: string,
  args: readonly string[] = [],
): Promise<void> {
  const { status, stdout, stderr } = await endingOf(process.execPath, [join(root, path), ...args], {
    cwd: root,
    env: cluster.env,
  });
  const lines = stderr.trim().split('\n');
  if (status === 2 && /in PATH or in .*, found no /.test(stderr)) {
    console.log(`# skipped: ${lines.at(-2)}`);
    return;
  }
  const figures = stdout.trim().replaceAll('\n', '\n#   ');
  if (status !== 0) throw new Error(`${figures}\n${lines.slice(-25).join('\n')}`);
  console.log(`#   ${figures}`);
}
