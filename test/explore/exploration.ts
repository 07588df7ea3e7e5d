import * as fc from 'fast-check';
import { crashEverywhere } from './crashPoints.js';
import { type Violation, violations } from './invariants.js';
import { type Kind, kinds } from './kinds.js';
import { type Defect, type Play, play } from './play.js';
import { type Scenario, scenarios } from './scenarios.js';
import { type Schedule, schedules } from './schedule.js';
import { timelineOf } from './timeline.js';
import type { Trace } from './trace.js';

export interface Finding {
  readonly schedule: Schedule;
  /** Of the random schedules that it was among; undefined for a crash point. */
  readonly seed: number | undefined;
  readonly violations: readonly Violation[];
  /** What happened, a line each. */
  readonly timeline: readonly string[];
}

/** What has been tried so far. */
export interface Progress {
  schedules: number;
  /** Of the schedules, those that kill the controller at one point; and the scenarios of which every point was tried. */
  crashPoints: number;
  crashedScenarios: number;
  /** How many incidents of each kind came true. */
  readonly happened: Record<Kind, number>;
  /** Different states that were seen: status, traffic and versions together. */
  readonly states: Set<string>;
  readonly findings: Finding[];
}

export interface Bounds {
  readonly seed: number;
  /** Asked before each schedule. */
  readonly timeIsUp: () => boolean;
  /** @default - all */
  readonly scenarios?: readonly Scenario[];
  /** A defect that is planted in the controller, to see whether it is found. @default - none */
  readonly defect?: Defect;
  /** Findings after which to stop. @default 1 */
  readonly mostFindings?: number;
  /** @default true */
  readonly crashPoints?: boolean;
  /** Which of several workers this is, from 0; together they try what one alone would. @default - one alone */
  readonly part?: Part;
}

export interface Part {
  readonly index: number;
  readonly of: number;
}

/** Random schedules of one seed: few, so that the time is looked at often. */
const batch = 25;

export function nothingYet(): Progress {
  const happened = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  return { schedules: 0, crashPoints: 0, crashedScenarios: 0, happened, states: new Set(), findings: [] };
}

function note(progress: Progress, { trace, happened }: Play): void {
  progress.schedules += 1;
  for (const state of statesOf(trace)) progress.states.add(state);
  for (const kind of happened) progress.happened[kind] += 1;
}

/** Kills at every point, then random schedules until the time is up or enough was found. `progress` is kept true. */
export async function explore(bounds: Bounds, progress = nothingYet()): Promise<Progress> {
  const { seed, timeIsUp, mostFindings = 1, crashPoints = true, part = { index: 0, of: 1 } } = bounds;
  const done = () => timeIsUp() || progress.findings.length >= mostFindings;
  if (crashPoints) await tryCrashPoints(bounds, part, progress, done);
  for (let run = part.index; !done(); run += part.of) {
    const finding = await tryBatch(seed + run, bounds, progress);
    if (finding) progress.findings.push(finding);
  }
  return progress;
}

async function tryCrashPoints(
  bounds: Bounds,
  part: Part,
  progress: Progress,
  done: () => boolean,
): Promise<void> {
  for (const scenario of bounds.scenarios ?? scenarios) {
    for await (const crash of crashEverywhere(scenario, part, bounds.defect)) {
      note(progress, crash.play);
      progress.crashPoints += crash.schedule.incidents.length;
      if (crash.violations.length > 0) {
        const { schedule, violations: found, play } = crash;
        const timeline = timelineOf(play.trace);
        progress.findings.push({ schedule, violations: found, seed: undefined, timeline });
      }
      if (done()) return;
    }
    progress.crashedScenarios += 1;
  }
}

/** What a batch of random schedules violates, shrunk: fewest incidents, earlier ones. */
async function tryBatch(seed: number, bounds: Bounds, progress: Progress): Promise<Finding | undefined> {
  const among = bounds.scenarios ?? scenarios;
  const tried = async (schedule: Schedule) => {
    const scenario = among.find(({ name }) => name === schedule.scenario)!;
    try {
      const played = await play(scenario, schedule, bounds.defect);
      note(progress, played);
      const { trace } = played;
      return { timeline: timelineOf(trace), found: violations(trace, schedule) };
    } catch (error) {
      return { timeline: [], found: [thrown(error)] };
    }
  };
  let failing: readonly Violation[] = [];
  let shrunk: Schedule | undefined;
  const property = fc.asyncProperty(schedules(among.map(({ name }) => name)), async (schedule) => {
    if (!shrunk && bounds.timeIsUp()) return;
    const { found } = await tried(schedule);
    // shrinking follows the sentence that was violated first
    const same = failing.length === 0 || found.some(({ sentence }) => sentence === failing[0]!.sentence);
    if (found.length === 0 || !same) return;
    if (failing.length === 0) failing = found;
    shrunk = schedule;
    throw new Error(found[0]!.sentence);
  });
  await fc.check(property, { seed, numRuns: batch });
  if (!shrunk) return undefined;
  const schedule = await withFewest(shrunk, async (fewer) =>
    (await tried(fewer)).found.some(({ sentence }) => sentence === failing[0]!.sentence),
  );
  const { found, timeline } = await tried(schedule);
  return { schedule, seed, violations: found, timeline };
}

/** fast-check takes a throw for a counterexample, whoever threw. */
function thrown(error: unknown): Violation {
  const contradiction = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { sentence: 'Nothing that happens throws.', contradiction };
}

/** Without each incident that it does not take: shrinking leaves some that stand in the middle. */
async function withFewest(
  schedule: Schedule,
  breaks: (fewer: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let fewest = schedule;
  for (const incident of schedule.incidents) {
    const incidents = fewest.incidents.filter((other) => other !== incident);
    if (await breaks({ ...fewest, incidents })) fewest = { ...fewest, incidents };
  }
  return fewest;
}

function statesOf({ stands, traffic, primaries }: Trace): string[] {
  return stands.map(({ order, status }) => {
    const { phase, canaryWeight, iterations, failedChecks, lastCheckTime } = status;
    const shares = traffic
      .findLast((sample) => sample.order < order)
      ?.shares.map(({ share, pods, tags }) => [Math.round(share * 100), pods, tags]);
    const primary = primaries.findLast((sample) => sample.order < order)?.tag;
    return JSON.stringify([
      ...[phase, canaryWeight, iterations, failedChecks, lastCheckTime !== undefined],
      ...[shares, primary],
    ]);
  });
}
