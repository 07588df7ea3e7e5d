import { PerchError } from '../../lib/api/errors.js';
import { measureDays } from './days.js';
import { measureFaults } from './faultRun.js';
import { faults } from './faults.js';
import { measureLoad } from './load.js';
import { help, type Options, type Part, readOptions } from './options.js';
import { print, shortcomings } from './verdict.js';

const say = (line: string): void => console.error(`# ${new Date().toISOString().slice(11, 19)} ${line}`);

const runs: Readonly<Record<Part, (options: Options) => Promise<object>>> = {
  load: async (options) => ({ load: await measureLoad({ ...options, say }) }),
  faults: async (options) => {
    const chosen = faults.filter(({ name }) => options.faults.includes(name));
    return { faults: await measureFaults({ ...options, faults: chosen, say }) };
  },
  days: async ({ days }) => ({ days: await measureDays({ days, say }) }),
};

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(help);
    return 0;
  }
  const options = readOptions(argv);
  const results = {};
  for (const [name, run] of Object.entries(runs))
    if (options.only === undefined || options.only === name) Object.assign(results, await run(options));
  const found = shortcomings(results, options.lateMs);
  if (options.json) console.log(JSON.stringify({ ...results, shortcomings: found }, null, 2));
  else print(results, found);
  return found.length === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

void main(process.argv.slice(2))
  .catch((error: unknown) => {
    console.error(error instanceof PerchError ? `${error.message}\n${error.remedy}` : error);
    return 2;
  })
  .then((code) => process.exit(code));
