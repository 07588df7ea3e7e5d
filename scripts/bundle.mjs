// The command line as one file: `node scripts/bundle.mjs dist/perch.js`. The image is built with this alone.
import { chmodSync } from 'node:fs';
import { build } from 'esbuild';

export async function bundle(outfile) {
  await build({
    entryPoints: ['lib/cli/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minifySyntax: true,
    // the user's own, of the program that is synthesised
    external: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  chmodSync(outfile, 0o755);
}

if (import.meta.main) await bundle(process.argv[2] ?? 'dist/perch.js');
