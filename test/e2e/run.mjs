// `npm run e2e`: the synthesised podinfo stack on a real cluster. Ends with 'N passed, N failed'.
//   KUBECONFIG=… npm run e2e     any cluster (PERCH_E2E_IMAGE: an image of this checkout that it can pull)
//   npm run e2e -- --record      also writes docs/example-rollout.md
//   KEEP=1 npm run e2e           leaves everything there
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

// the package is CommonJS, these files are modules: said here, Node need not guess and warn
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.ts') ? { ...context, format: 'module-typescript' } : context),
});
const { values } = parseArgs({ options: { record: { type: 'boolean', default: false } } });
const { run } = await import('./journey.ts');
process.exitCode = await run({
  root: resolve(import.meta.dirname, '../..'),
  record: values.record,
  keep: Boolean(process.env.KEEP),
});
