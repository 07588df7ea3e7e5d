// `npm run soak`: bundles the controller and the soak into a temporary folder, and runs the soak.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { build } = createRequire(import.meta.url)('esbuild');
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'perch-soak-'));
try {
  await build({
    absWorkingDir: root,
    entryPoints: { perch: 'test/soak/steppedPerch.ts', soak: 'test/soak/main.ts' },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minifySyntax: true,
    external: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
    logLevel: 'warning',
  });
  const soak = spawn(process.execPath, ['--expose-gc', join(folder, 'soak.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // The soak gets the signal too, ends what it started, and then itself.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => soak.kill(signal));
  process.exitCode = await new Promise((resolve) => soak.on('exit', (code) => resolve(code ?? 1)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
