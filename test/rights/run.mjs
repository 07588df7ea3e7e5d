// `npm run rights`: what the controller asks of an API server, by its audit log, against what it is granted.
import { runBundled } from '../../scripts/bundled.mjs';

const entries = { perch: 'lib/cli/main.ts', rights: 'test/rights/main.ts' };
process.exitCode = await runBundled({ entries, main: 'rights', args: process.argv.slice(2) });
