// `npm run bench`: what main.ts says.
import { runBundled } from '../scripts/bundled.mjs';

const entries = { perch: 'lib/cli/main.ts', bench: 'bench/main.ts' };
process.exitCode = await runBundled({ entries, main: 'bench', args: process.argv.slice(2) });
