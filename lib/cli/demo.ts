import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Stage } from '../testing/stage.js';
import type { Moment } from './demoMoment.js';
import { nextImage, perform } from './demoScript.js';
import { setDemoStage } from './demoStage.js';
import { liveView, plainView } from './demoView.js';
import { readDeclared, type SourceFlags, withVerbose } from './source.js';

interface DemoFlags extends Pick<SourceFlags, 'verbose'> {
  readonly canary?: string;
  readonly plain?: boolean;
  readonly speed?: number;
}

/** Real time that the demo takes on a terminal when nobody says how fast. */
const durationMs = 25_000;
/** Longest wait for a line: where nothing happens for longer, nothing is to be seen. */
const longestWaitMs = 1_500;

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('expected a number above 0, e.g. 20 for twenty times as fast as life');
}

/** `perch demo`: three releases of a declared stack on a virtual cluster. */
export function demoCommand(): Command {
  const command = new Command('demo').description(
    'watch three releases of a stack on a virtual cluster: a good one, a faulty one, a slow one',
  );
  return withVerbose(command)
    .argument('[program]', 'a cdk8s program or a file of YAML; without it examples/podinfo/main.ts')
    .option('--canary <name>', 'which one, where the program declares several')
    .option('--plain', 'one line an event: time, phase, weight, text')
    .option(
      '--speed <factor>',
      'virtual seconds a second; without it 25 s on a terminal, at once in a pipe',
      positive,
    )
    .addHelpText('after', '\nExample:\n  perch demo examples/podinfo/main.ts --speed 30')
    .action(demo);
}

/** The example of the checkout that this file belongs to. */
function examplePath(): string {
  const example = join('examples', 'podinfo', 'main.ts');
  const own = [join(__dirname, '..', example), join(__dirname, '..', '..', example)].find(existsSync);
  return own ? relative(process.cwd(), own) : example;
}

async function demo(program: string | undefined, flags: DemoFlags): Promise<void> {
  const { plain, speed, canary, verbose = false } = flags;
  const file = program ?? examplePath();
  const live = Boolean(process.stdout.isTTY) && !plain;
  const objects = (await readDeclared(file, { verbose })).map(({ object }) => object);
  const stage = await setDemoStage(objects, file, canary);
  process.stdout.write(introduction(file, stage));
  const { moments, failure } = await perform(stage);
  const coloured = live && !process.env.NO_COLOR;
  const view = live ? liveView(coloured) : plainView;
  await show(moments, paceOf(moments, speed), (moment) => process.stdout.write(`${view(moment)}\n`));
  if (failure) throw failure;
  process.stdout.write(closing(file, stage));
}

/** Virtual milliseconds a real one; Infinity for as fast as possible. */
function paceOf(moments: readonly Moment[], speed: number | undefined): number {
  if (speed !== undefined) return speed;
  if (!process.stdout.isTTY) return Number.POSITIVE_INFINITY;
  return Math.max(1, (moments.at(-1)?.atMs ?? 0) / durationMs);
}

/** The virtual cluster is done long before people have read it: what it did is shown at their pace. */
async function show(
  moments: readonly Moment[],
  pace: number,
  print: (moment: Moment) => void,
): Promise<void> {
  let shown = 0;
  for (const moment of moments) {
    const waitMs = Math.min(longestWaitMs, (moment.atMs - shown) / pace);
    if (waitMs >= 1) await pause(waitMs);
    shown = Math.max(shown, moment.atMs);
    print(moment);
  }
}

function introduction(file: string, { entrance: { host } }: Stage): string {
  return [
    'This cluster is virtual: its API server, pods, router, Prometheus and users are simulated in this process.',
    `The controller is the real one, and what it releases is what ${file} declares (https://${host}/, 20 requests/s).`,
    '',
    '',
  ].join('\n');
}

function closing(file: string, { namespace, target, container, image }: Stage): string {
  return [
    '',
    'One version promoted, two rolled back, as expected. On a real cluster the same stack is deployed and released by',
    '',
    '  npx perch crds | kubectl apply --server-side -f -',
    `  npx perch synth ${file} | kubectl apply --server-side -f -`,
    `  kubectl -n ${namespace} set image deployment/${target} ${container}=${nextImage(image)}`,
    '',
  ].join('\n');
}
