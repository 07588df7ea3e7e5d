// Builds dist/: the library's doors with their types by tsc, and the command line as one bundle by esbuild.
// npm links no package's own bin: without the link, `npx perch` in the checkout would first install it elsewhere.

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bundle } from './bundle.mjs';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'lib'], { stdio: 'inherit' });
await bundle('dist/perch.js');
chmodSync('dist/perch.js', 0o755);
rmSync('node_modules/.bin/perch', { force: true });
symlinkSync('../../dist/perch.js', 'node_modules/.bin/perch');
