// `npm run e2e`: perch on a real cluster, journey by journey (journeys.ts). Ends with 'N passed, N failed'.
//   npm run e2e -- podinfo       that journey alone
//   KUBECONFIG=… npm run e2e     any cluster (PERCH_E2E_IMAGE: …/perch-controller:TAG of this checkout that it can
//                                pull, and …/perch-loadtester:TAG beside it)
//   npm run e2e -- --minutes 60  begins no journey after an hour
//   npm run e2e -- --again       takes a journey in which a step failed once more, and says what was flaky
//   npm run e2e -- --record      also writes what was seen to docs/ (example-rollout.md)
//   KEEP=1 npm run e2e           leaves everything there
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

// the package is CommonJS, these files are modules: said here, Node need not guess and warn
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.ts') ? { ...context, format: 'module-typescript' } : context),
});
const { values, positionals } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const { travel } = await import('./travel.ts');
const { journeys } = await import('./journeys.ts');
const minutesOf = (text) => {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  console.error(`--minutes: expected a whole number, given ${text}`);
  process.exit(2);
};
if (values.help) {
  console.log(
    `npm run e2e [-- [--record] [--again] [--minutes N] [NAME…]]   journeys: ${Object.keys(journeys).join(', ')}`,
  );
  process.exit(0);
}
process.exitCode = await travel({
  names: positionals,
  minutes: minutesOf(values.minutes),
  root: resolve(import.meta.dirname, '../..'),
  record: values.record,
  again: values.again,
  keep: Boolean(process.env.KEEP),
});
