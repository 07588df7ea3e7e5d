// `npm run soak`: the soak, with the controller as a file beside it.
import { runBundled } from '../../scripts/bundled.mjs';

process.exitCode = await runBundled({
  entries: { perch: 'test/soak/steppedPerch.ts', soak: 'test/soak/main.ts' },
  main: 'soak',
  nodeArgs: ['--expose-gc'],
  args: process.argv.slice(2),
});
