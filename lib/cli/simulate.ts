import { open } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { tryPolicy, weakestPoint } from '../testing/policy.js';
import { nextImage } from './demoScript.js';
import { findRelease } from './release.js';
import { withComparisons } from './simulateComparison.js';
import { policyChart, policyJson, policyReport } from './simulateView.js';
import { readDeclared, type SourceFlags, withSource } from './source.js';
import { unwritable } from './unwritable.js';

interface SimulateFlags extends SourceFlags {
  readonly runs: number;
  readonly rps: number;
  readonly seed: string;
  readonly canary?: string;
  readonly compare?: boolean;
  readonly json?: boolean;
  readonly svg?: string;
}

function above(least: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value >= least && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`expected a ${whole ? 'whole ' : ''}number of ${least} or more`);
  };
}

/** `perch simulate`: what a policy does with good and bad releases. */
export function simulateCommand(): Command {
  const command = new Command('simulate').description(
    'release good and bad versions on a virtual cluster, many times, and show what the policy does',
  );
  return withSource(command)
    .option('--runs <number>', 'releases of each kind', above(1, true), 20)
    .option('--rps <number>', 'requests of users a second', above(0.01, false), 20)
    .option('--seed <text>', 'the same seed gives the same figures', '1')
    .option('--canary <name>', 'which one, where the program declares several')
    .option('--compare', 'try the policy a second time, with built-in metrics compared with the primary')
    .option('--json', 'print the figures as JSON')
    .option('--svg <file>', 'write a chart too')
    .addHelpText(
      'after',
      [
        '',
        'It releases a healthy version, versions with 0.5 % to 50 % errors, and slow ones. For each kind it prints',
        'what share of the releases is rolled back, how soon, and how many requests of users fail and how many meet',
        'the new version until then (means); and at the end the weakest point of the policy.',
        '',
        'Examples:',
        '  perch simulate main.ts --rps 5 --runs 200 --svg policy.svg',
        '  helm template shop | perch simulate - --json',
      ].join('\n'),
    )
    .action(simulate);
}

/** On a terminal only, and on stderr: what is printed may go into a file. */
function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / all) * 40);
  process.stderr.write(
    `\r${'█'.repeat(filled)}${'░'.repeat(40 - filled)} ${done}/${all}${done === all ? '\n' : ''}`,
  );
}

/** Opened before the releases are made: what cannot be written is said at once. */
async function openChart(file: string) {
  return open(file, 'w').catch((cause: Error) => {
    throw unwritable(file, '--svg', cause);
  });
}

async function simulate(program: string | undefined, flags: SimulateFlags): Promise<void> {
  const { runs, rps, seed, canary, compare, json } = flags;
  const objects = (await readDeclared(program, flags)).map(({ object }) => object);
  const image = nextImage(findRelease(objects, canary).image);
  const chart = flags.svg === undefined ? undefined : await openChart(flags.svg);
  const options = {
    image,
    runs,
    rps,
    seed,
    onProgress: showProgress,
    ...(canary !== undefined && { canary }),
  };
  const rows = await tryPolicy(objects, options);
  const others = compare ? await tryPolicy(withComparisons(objects), options) : undefined;
  const trials = [
    {
      title: `${runs === 1 ? '1 release' : `${runs} releases`} of each kind, ${rps} requests a second, seed ${seed}`,
      rows,
    },
    ...(others ? [{ title: 'Compared with the primary besides (docs/verdict.md)', rows: others }] : []),
  ].map((trial) => ({ ...trial, weakest: weakestPoint(trial.rows, rps) }));
  await chart?.writeFile(policyChart(trials));
  await chart?.close();
  process.stdout.write(json ? policyJson({ runs, rps, seed }, trials) : policyReport(trials));
}
