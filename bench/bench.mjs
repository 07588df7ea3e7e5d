// `npm run bench`: what main.ts says.
import { runBundled } from './bundled.mjs';

process.exitCode = await runBundled('bench/main.ts', process.argv.slice(2));
