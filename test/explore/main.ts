import { PerchError } from '../../lib/api/errors.js';
import { explore, type Finding, type Report } from './exploration.js';
import { invariants } from './invariants.js';
import { scenarios } from './scenarios.js';
import { describeIncident } from './schedule.js';

const HELP = `npm run explore -- [--seconds 120] [--seed <number or commit>] [--findings 5] [--random] [--json]

Plays schedules of faults on the virtual cluster with the real engine: first every crash point of every scenario (not
with --random), then random schedules, and says which of ${invariants.length} invariants did not hold, with the shrunk schedule and its seed.
Ends with 1 when one did not.`;

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly findings: number;
  readonly random: boolean;
  readonly json: boolean;
}

/** A number, or the first digits of a commit. */
function seedOf(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.parseInt(text.slice(0, 7), 16);
  if (Number.isNaN(value)) throw unreadable('--seed', 'a number of up to nine digits or a commit', text);
  return value;
}

function unreadable(option: string, expected: string, given: string): PerchError {
  return new PerchError({
    code: 'EXPLORE_OPTION',
    message: `${option}: expected ${expected}, was given ${given}`,
    remedy: 'see npm run explore -- --help',
    path: option,
  });
}

function optionsOf(argv: readonly string[]): Options {
  const value = (name: string, otherwise: string): string => {
    const at = argv.indexOf(name);
    return at < 0 ? otherwise : (argv[at + 1] ?? '');
  };
  const positive = (name: string, otherwise: string): number => {
    const text = value(name, otherwise);
    if (!(Number(text) > 0)) throw unreadable(name, 'a number above 0', text);
    return Number(text);
  };
  return {
    seconds: positive('--seconds', '120'),
    seed: seedOf(value('--seed', '1')),
    findings: positive('--findings', '1'),
    random: argv.includes('--random'),
    json: argv.includes('--json'),
  };
}

function printFinding({ schedule, seed, violations, timeline }: Finding): void {
  for (const { sentence, contradiction } of violations) {
    console.log(`\nviolated: ${sentence}\n  ${contradiction}`);
  }
  for (const line of timeline) console.log(`  ${line}`);
  console.log(`  scenario: ${schedule.scenario}`);
  for (const incident of schedule.incidents) console.log(`  ${describeIncident(incident)}`);
  console.log(
    seed === undefined
      ? '  a crash point'
      : `  seed ${seed}: npm run explore -- --random --seed ${seed} --seconds 60`,
  );
}

function print(report: Report, seconds: number): void {
  const { seed, schedules, crashPoints, crashedScenarios, states, findings } = report;
  for (const finding of findings) printFinding(finding);
  if (crashPoints > 0)
    console.log(
      `${crashPoints} crash points; every one of ${crashedScenarios} of ${scenarios.length} scenarios was tried`,
    );
  console.log(
    `${schedules} schedules tried in ${Math.round(seconds)} s (seed ${seed}), ${states} states seen, ` +
      `${invariants.length} invariants, ${findings.length} violated schedules`,
  );
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(HELP);
    return;
  }
  const options = optionsOf(process.argv.slice(2));
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const report = await explore({
    seed: options.seed,
    timeIsUp: () => elapsed() > options.seconds,
    mostFindings: options.findings,
    crashPoints: !options.random,
  });
  if (options.json) console.log(JSON.stringify({ ...report, seconds: elapsed() }));
  else print(report, elapsed());
  process.exitCode = report.findings.length > 0 ? 1 : 0;
}

void main().catch((error: unknown) => {
  console.error(error instanceof PerchError ? `${error.message}\n${error.remedy}` : error);
  process.exitCode = 2;
});
