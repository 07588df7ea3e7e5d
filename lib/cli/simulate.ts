import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { findDeclared } from '../testing/declared.js';
import { tryPolicy, weakestPoint } from '../testing/policy.js';
import { nextImage } from './demoScript.js';
import { withComparisons } from './simulateComparison.js';
import { policyChart, policyTable } from './simulateView.js';
import { synthesize } from './synthesis.js';

interface SimulateFlags {
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
  return new Command('simulate')
    .description(
      'release good and bad versions on a virtual cluster, many times, and show what the policy does',
    )
    .argument('<program>', 'a cdk8s program')
    .option('--runs <number>', 'releases of each kind', above(1, true), 20)
    .option('--rps <number>', 'requests of users a second', above(0.01, false), 20)
    .option('--seed <text>', 'the same seed gives the same figures', '1')
    .option('--canary <name>', 'which one, where the program declares several')
    .option('--compare', 'try the policy a second time, with built-in metrics compared with the primary')
    .option('--json', 'print the figures as JSON')
    .option('--svg <file>', 'write a chart too')
    .addHelpText('after', '\nExample:\n  perch simulate main.ts --rps 5 --runs 200')
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

async function simulate(
  program: string,
  { runs, rps, seed, canary, compare, json, svg }: SimulateFlags,
): Promise<void> {
  const objects = await synthesize(program);
  const image = nextImage(findDeclared(objects, canary).image);
  const options = {
    image,
    runs,
    rps,
    seed,
    onProgress: showProgress,
    ...(canary !== undefined && { canary }),
  };
  const rows = await tryPolicy(objects, options);
  const weakest = weakestPoint(rows, rps);
  if (svg !== undefined) await writeFile(svg, policyChart(rows));
  const others = compare ? await tryPolicy(withComparisons(objects), options) : undefined;
  const compared = others && { weakest: weakestPoint(others, rps), rows: others };
  if (json) {
    const figures = { rps, seed, weakest, rows, ...(compared && { compared }) };
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${policyTable(rows)}\n\n${weakest}\n`);
  if (!compared) return;
  process.stdout.write(
    `\nCompared with the primary besides (docs/verdict.md):\n\n${policyTable(compared.rows)}\n\n${compared.weakest}\n`,
  );
}
