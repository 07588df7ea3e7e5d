// `npm run bench`: bundles the controller and the bench into a temporary folder, and runs the bench.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { build } = createRequire(import.meta.url)('esbuild');
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'perch-bench-'));
try {
  await build({
    absWorkingDir: root,
    entryPoints: { perch: 'lib/cli/main.ts', bench: 'bench/main.ts' },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minifySyntax: true,
    external: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
    logLevel: 'warning',
  });
  const { status } = spawnSync(process.execPath, [join(folder, 'bench.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
