// `npm run explore`: the exploration.
import { runBundled } from '../../scripts/bundled.mjs';

const entries = { explore: 'test/explore/main.ts' };
process.exitCode = await runBundled({ entries, main: 'explore', args: process.argv.slice(2) });
