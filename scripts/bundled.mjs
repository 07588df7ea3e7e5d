// Programs in TypeScript that run as one file each, as the image does: bundled into a temporary folder, and run there.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPrograms } from './bundle.mjs';

/**
 * Runs `entries[main]`, with the other entries as files beside it; resolves with the status that it ended with.
 * @param {{ entries: Record<string, string>, main: string, args: readonly string[], nodeArgs?: readonly string[] }} options
 */
export async function runBundled({ entries, main, args, nodeArgs = [] }) {
  const folder = mkdtempSync(join(tmpdir(), `perch-${main}-`));
  try {
    await buildPrograms({ entries, outdir: folder, absWorkingDir: join(import.meta.dirname, '..') });
    const child = spawn(process.execPath, [...nodeArgs, join(folder, `${main}.js`), ...args], {
      stdio: 'inherit',
    });
    // it gets the signal too, ends what it started, and then itself
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    return await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
