// Builds dist/: the library's doors with their types by tsc, and the command line as one bundle by esbuild.

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bundle } from './bundle.mjs';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'lib'], { stdio: 'inherit' });
await bundle('dist/perch.js');
