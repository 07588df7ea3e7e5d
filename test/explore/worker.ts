import { explore, type Finding, nothingYet, type Part, type Progress } from './exploration.js';
import type { Kind } from './kinds.js';
import type { Options } from './options.js';

/** What a worker says of itself every now and then: all that it has done, and what it has not said before. */
export interface Word {
  readonly schedules: number;
  readonly crashPoints: number;
  readonly crashedScenarios: number;
  readonly happened: Readonly<Record<Kind, number>>;
  readonly newStates: readonly string[];
  readonly newFindings: readonly Finding[];
  /** Is this its last? */
  readonly done: boolean;
}

const sayEveryMs = 500;

/** Of the progress since the last word. */
function speaker(progress: Progress): (done: boolean) => Word {
  const said = new Set<string>();
  let findings = 0;
  return (done) => {
    const newStates = [...progress.states].filter((state) => !said.has(state));
    for (const state of newStates) said.add(state);
    const newFindings = progress.findings.slice(findings);
    findings += newFindings.length;
    const { schedules, crashPoints, crashedScenarios, happened } = progress;
    return { schedules, crashPoints, crashedScenarios, happened, newStates, newFindings, done };
  };
}

/** The variable that tells a worker which it is: `0/2` is the first of two. */
export const partVariable = 'EXPLORE_PART';

/** Which worker this process is; undefined for who leads them. */
export function partOfThisProcess(): Part | undefined {
  const [index, of] = (process.env[partVariable] ?? '').split('/').map(Number);
  return index === undefined || of === undefined ? undefined : { index, of };
}

/** Explores a part in this process and tells its parent; ends early when that says so, or is gone. */
export async function work(options: Options, part: Part): Promise<void> {
  const { seconds, schedules, seed, findings, random } = options;
  const share = Math.ceil(schedules / part.of);
  const progress = nothingYet();
  const wordOf = speaker(progress);
  const began = performance.now();
  let saidAt = began;
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.on('message', stop).on('disconnect', stop);
  // a terminal sends it to all of a group: the parent decides
  process.on('SIGINT', () => undefined);
  const timeIsUp = () => {
    const now = performance.now();
    if (now > saidAt + sayEveryMs) {
      saidAt = now;
      if (process.connected) process.send?.(wordOf(false));
    }
    return stopped || progress.schedules >= share || now > began + seconds * 1000;
  };
  await explore({ seed, timeIsUp, mostFindings: findings, crashPoints: !random, part }, progress);
  process.off('message', stop).off('disconnect', stop);
  if (process.connected) process.send?.(wordOf(true), () => process.disconnect());
}
