import { PerchError } from '../../lib/api/errors.js';
import { help, type Options, readOptions } from './options.js';
import { progressLine, reportJson, reportText } from './report.js';
import { Team } from './team.js';
import { partOfThisProcess, work } from './worker.js';

const lineEveryMs = process.stderr.isTTY ? 500 : 30_000;

/** A line that is written over on a terminal, and a line each half minute in a pipe. */
function progressPrinter(): { readonly show: (line: () => string) => void; readonly end: () => void } {
  let shownAt = performance.now();
  return {
    show(line) {
      if (performance.now() < shownAt + lineEveryMs) return;
      shownAt = performance.now();
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line()}` : `${line()}\n`);
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    },
  };
}

async function lead(options: Options): Promise<number> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const printer = progressPrinter();
  const team = new Team(options, () => printer.show(() => progressLine(team.progress, elapsed())));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => team.stop());
  const lost = await team.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  printer.end();
  const report = options.json ? reportJson : reportText;
  console.log(report(team.progress, options, elapsed()));
  if (lost) throw lost;
  return team.progress.findings.length > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  const part = partOfThisProcess();
  if (!part) return lead(options);
  await work(options, part);
  return 0;
}

void main()
  .catch((error: unknown) => {
    console.error(error instanceof PerchError ? `${error.message}\n${error.remedy}` : error);
    return 2;
  })
  .then((code) => {
    process.exitCode = code;
  });
