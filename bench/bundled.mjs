// Bundles the controller and an entry of the bench into a temporary folder, and runs the entry.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Resolves with the status that the entry ended with. */
export async function runBundled(entry, args) {
  const folder = mkdtempSync(join(tmpdir(), 'perch-bench-'));
  try {
    await build({
      absWorkingDir: join(import.meta.dirname, '..'),
      entryPoints: { perch: 'lib/cli/main.ts', bench: entry },
      outdir: folder,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      minifySyntax: true,
      external: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
      logLevel: 'warning',
    });
    return spawnSync(process.execPath, [join(folder, 'bench.js'), ...args], { stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
