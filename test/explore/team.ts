import { type ChildProcess, fork } from 'node:child_process';
import { PerchError } from '../../lib/api/errors.js';
import { nothingYet, type Progress } from './exploration.js';
import type { Options } from './options.js';
import { partVariable, type Word } from './worker.js';

/** A young generation that holds what a schedule makes, and an old one that a leak would fill: a schedule leaves nothing. */
const execArgv = ['--max-semi-space-size=64', '--max-old-space-size=512'];
const keptOutput = 20_000;

/** Several processes of this program that explore together. */
export class Team {
  readonly progress: Progress = nothingYet();
  private readonly children: ChildProcess[];
  private readonly words = new Map<number, Word>();

  constructor(
    private readonly options: Options,
    private readonly heard: () => void,
  ) {
    const { seconds, schedules, seed, findings, workers, random } = options;
    const args = ['--seconds', seconds, '--seed', seed, '--findings', findings].map(String);
    if (Number.isFinite(schedules)) args.push('--schedules', String(schedules));
    if (random) args.push('--random');
    this.children = Array.from({ length: workers }, (_, index) =>
      fork(process.argv[1]!, args, {
        execArgv,
        env: { ...process.env, [partVariable]: `${index}/${workers}` },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }),
    );
  }

  /** Resolves when all have ended. Throws EXPLORE_WORKER for one that ended without its last word. */
  async run(): Promise<Progress> {
    const ends = await Promise.all(this.children.map((child, index) => this.follow(child, index)));
    const lost = ends.find((end) => end !== undefined);
    if (lost) throw lost;
    return this.progress;
  }

  /** Each ends after the schedule that it is at. */
  stop(): void {
    for (const child of this.children) if (child.connected) child.send('stop');
  }

  private follow(child: ChildProcess, index: number): Promise<PerchError | undefined> {
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-keptOutput);
      });
    child.on('message', (word) => this.hear(index, word as Word));
    return new Promise((resolve) => {
      child.on('error', (error) => {
        output += error.message;
      });
      child.on('close', (code, signal) => {
        if (this.words.get(index)?.done && code === 0) return resolve(undefined);
        this.stop();
        resolve(lostWorker(index, signal ?? `code ${code}`, output));
      });
    });
  }

  private hear(index: number, word: Word): void {
    this.words.set(index, word);
    const { progress } = this;
    for (const state of word.newStates) progress.states.add(state);
    progress.findings.push(...word.newFindings);
    const all = [...this.words.values()];
    progress.schedules = sum(all.map(({ schedules }) => schedules));
    progress.crashPoints = sum(all.map(({ crashPoints }) => crashPoints));
    // a scenario has been crashed at every point when each has done its share
    const complete = all.length === this.children.length;
    progress.crashedScenarios = complete
      ? Math.min(...all.map(({ crashedScenarios }) => crashedScenarios))
      : 0;
    for (const kind of Object.keys(progress.happened) as (keyof Word['happened'])[])
      progress.happened[kind] = sum(all.map(({ happened }) => happened[kind]));
    if (progress.findings.length >= this.options.findings) this.stop();
    this.heard();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function lostWorker(index: number, ending: string, output: string): PerchError {
  return new PerchError({
    code: 'EXPLORE_WORKER',
    message: `worker ${index} ended with ${ending}${output ? ':' : ' and said nothing'}\n${output.trim()}`,
    remedy: 'it crashed: mend what its output names; the same --seed gets it there again',
    path: `worker ${index}`,
  });
}
