import { PerchError } from '../api/errors.js';
import { Deployments } from '../api/workloads.js';
import { SeededRandom } from '../sim/random.js';
import type { World } from '../sim/world.js';
import { Chronicle } from './chronicle.js';
import { findDeclared } from './declared.js';
import { Exposure } from './exposure.js';
import { durationOf } from './given.js';
import { checkHosts } from './hosts.js';
import { type Outcome, type Rollout, rolloutOf } from './rollout.js';
import { checkRelease, type Release, readOptions, type SimulationOptions } from './simulationOptions.js';
import { objectsOf, type Source } from './source.js';
import { type Stage, setStage } from './stage.js';

type Settings = ReturnType<typeof readOptions>;

/** A virtual cluster on which releases are made, one after the other. */
export interface Simulation {
  /** Changes the Deployment's image and lets time pass until the release has ended. */
  release(release: Release): Promise<Rollout>;
  /** Lets time pass, a duration such as `2m`. */
  wait(duration: string): Promise<void>;
  /** The virtual cluster itself, for what has no words here. */
  world(): Promise<World>;
}

const settled: ReadonlySet<string> = new Set(['Initialized', 'Succeeded', 'Failed']);
const outcomes: Readonly<Record<string, Outcome>> = { Succeeded: 'promoted', Failed: 'rolledBack' };
const start = Date.UTC(2026, 0, 1);
const initializationMs = 3_600_000;
/** From a release's end until its last alert has been sent. */
const aftermathMs = 2_000;

/**
 * Puts what the source declares on a virtual cluster with perch's own controller. Nothing of the machine is used: no
 * network, no clock, no chance but the seed's.
 */
export function simulate(source: Source, options: SimulationOptions = {}): Simulation {
  const settings = readOptions(options);
  let stage: Promise<Stage> | undefined;
  const opened = () => {
    stage ??= open(source, settings);
    return stage;
  };
  return {
    release: async (release) => run(await opened(), release, settings),
    wait: async (duration) => {
      const ms = durationOf(duration, 'wait');
      return (await opened()).world.clock.advance(ms);
    },
    world: async () => (await opened()).world,
  };
}

async function open(source: Source, settings: Settings): Promise<Stage> {
  const declared = findDeclared(objectsOf(source), settings.canary);
  const { seed, behaves, scrapeIntervalMs, scrapeDelayMs } = settings;
  const random = new SeededRandom(seed).fork('faults');
  const users = settings.traffic(declared.entrance, start);
  checkHosts(users, declared);
  const stage = await setStage(declared, {
    seed,
    start,
    traffic: users,
    ...(behaves && { behaviours: [{ image: declared.image, behaviour: behaves }] }),
    scrapeIntervalMs,
    scrapeDelayMs,
    scrapeGaps: settings.scrapeGaps.map(({ fromMs, toMs }) => ({
      fromMs: start + fromMs,
      toMs: start + toMs,
    })),
    prepare: (world) => {
      for (const hook of settings.hooks) hook(world);
    },
    isAnswered: (url) => settings.hooks.some(({ answers }) => answers?.(`${url}/api/v1/query`)),
    intercept: (request) => {
      for (const fault of settings.faults) fault(request, random);
    },
  });
  await initialize(stage);
  return stage;
}

async function initialize(stage: Stage): Promise<void> {
  const { clock, log } = stage.world;
  if (await clock.runUntil(() => stage.phase() === 'Initialized', initializationMs)) {
    await clock.advance(aftermathMs);
    return;
  }
  const said = [...new Set(log.records.map(({ message }) => message))].slice(-5).join('; ');
  throw new PerchError({
    code: 'TESTING_NOT_INITIALIZED',
    message: `expected the canary to be Initialized within an hour, got phase ${stage.phase() || 'none'}: ${said}`,
    remedy: 'put right what the controller says; on a real cluster it would say the same',
  });
}

function currentImage({ world, namespace, target }: Stage): string | undefined {
  const deployment = world.read(Deployments, { namespace, name: target });
  return deployment?.spec.template.spec.containers[0]?.image;
}

async function run(stage: Stage, release: Release, settings: Settings): Promise<Rollout> {
  checkRelease(release, currentImage(stage));
  const { world } = stage;
  const beganAt = world.clock.now();
  const chronicle = new Chronicle(stage);
  const exposure = new Exposure(stage, release.image);
  if (release.behaves) world.behave(release.image, release.behaves);
  world.setImage(stage.namespace, stage.target, release.image);
  chronicle.scene(`${release.image} is released`);
  const outcome = await untilEnd(stage, release, settings.limitMs, {
    look() {
      chronicle.catchUp();
      exposure.look();
    },
    note: (text) => chronicle.scene(text),
  });
  const durationMs = world.clock.now() - beganAt;
  const counted = exposure.result();
  await world.clock.advance(aftermathMs);
  chronicle.catchUp();
  const { seed } = settings;
  const { entries } = chronicle;
  return rolloutOf({
    outcome,
    image: release.image,
    seed,
    durationMs,
    ...counted,
    entries,
    alerts: chronicle.alerts(),
  });
}

/** Who watches a release. */
interface Watcher {
  look(): void;
  /** Something that the controller does not tell of. */
  note(text: string): void;
}

/** Lets time pass, moment by moment, until the release has begun and ended. */
async function untilEnd(
  stage: Stage,
  { meanwhile = [] }: Release,
  limitMs: number,
  watcher: Watcher,
): Promise<Outcome> {
  const { clock } = stage.world;
  const beganAt = clock.now();
  const waiting = new Set(meanwhile);
  for (const { looksAfterMs } of meanwhile)
    if (looksAfterMs !== undefined) clock.timer(looksAfterMs, () => {});
  let begun = false;
  await clock.runUntil(async () => {
    watcher.look();
    const standing = { sinceMs: clock.now() - beganAt, phase: stage.phase(), weight: stage.weight() };
    for (const operator of [...waiting].filter(({ isTime }) => isTime(standing))) {
      waiting.delete(operator);
      watcher.note(operator.does);
      await operator.act(stage.world, stage);
    }
    begun ||= !settled.has(standing.phase);
    return !stage.current() || (begun && settled.has(standing.phase));
  }, limitMs);
  watcher.look();
  for (const { does } of waiting) watcher.note(`${does}: never, as its moment did not come`);
  if (!stage.current()) return 'deleted';
  return (begun && outcomes[stage.phase()]) || 'unfinished';
}
