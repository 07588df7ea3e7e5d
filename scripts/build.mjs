// Builds dist/: the library's doors with their types by tsc, and the command line as one bundle by esbuild.
import { rmSync, writeFileSync, chmodSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'lib'], { stdio: 'inherit' });
await build({
  entryPoints: ['lib/cli/main.ts'],
  outfile: 'dist/perch.js',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minifySyntax: true,
  external: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
chmodSync('dist/perch.js', 0o755);
