import { parseDuration } from '../api/duration.js';
import { PerchError } from '../api/errors.js';
import type { Behaviour } from '../sim/models/behaviours.js';
import { SeededRandom } from '../sim/random.js';
import type { World } from '../sim/world.js';
import { Chronicle } from './chronicle.js';
import { findDeclared } from './declared.js';
import { Exposure } from './exposure.js';
import type { Fault } from './models/faults.js';
import type { HookModel } from './models/hooks.js';
import type { Operator } from './models/operators.js';
import { type TrafficModel, traffic } from './models/traffic.js';
import { type Outcome, type Rollout, rolloutOf } from './rollout.js';
import { objectsOf, type Source } from './source.js';
import { type Stage, setStage } from './stage.js';

export interface SimulationOptions {
  /** Who asks for what. @default traffic.steady({ rps: 20 }) */
  readonly traffic?: TrafficModel;
  /** The same seed gives the same run. @default 1 */
  readonly seed?: number | string;
  /** Name of the Canary, where the source declares several. */
  readonly canary?: string;
  /** How the version behaves that the source declares. @default healthy() */
  readonly behaves?: Behaviour;
  /** How Prometheus scrapes; durations. Gaps count from the simulation's beginning. */
  readonly metrics?: {
    /** @default 5s */
    readonly scrapeInterval?: string;
    /** From a scrape until queries see it. @default 0s */
    readonly delay?: string;
    readonly gaps?: readonly { readonly from: string; readonly lasting: string }[];
  };
  /** What answers the canary's hooks in place of a load tester. @default - the virtual load tester */
  readonly hooks?: readonly HookModel[];
  /** What goes wrong between the controller and the API server. @default - nothing */
  readonly faults?: readonly Fault[];
  /** Virtual time that a release gets. @default 24h */
  readonly limit?: string;
}

export interface Release {
  readonly image: string;
  /** How the new version behaves. @default healthy() */
  readonly behaves?: Behaviour;
  /** Who does something meanwhile. @default - nobody */
  readonly meanwhile?: readonly Operator[];
}

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
  let stage: Promise<Stage> | undefined;
  const opened = () => {
    stage ??= open(source, options);
    return stage;
  };
  return {
    release: async (release) => run(await opened(), release, options),
    wait: async (duration) => (await opened()).world.clock.advance(parseDuration(duration)),
    world: async () => (await opened()).world,
  };
}

async function open(source: Source, options: SimulationOptions): Promise<Stage> {
  const declared = findDeclared(objectsOf(source), options.canary);
  const { seed = 1, metrics = {}, faults = [], behaves } = options;
  const model = options.traffic ?? traffic.steady({ rps: 20 });
  const random = new SeededRandom(seed).fork('faults');
  const stage = await setStage(declared, {
    seed,
    start,
    traffic: model(declared.entrance, start),
    ...(behaves && { behaviours: [{ image: declared.image, behaviour: behaves }] }),
    scrapeIntervalMs: parseDuration(metrics.scrapeInterval ?? '5s'),
    scrapeDelayMs: parseDuration(metrics.delay ?? '0s'),
    scrapeGaps: (metrics.gaps ?? []).map(({ from, lasting }) => {
      const fromMs = start + parseDuration(from);
      return { fromMs, toMs: fromMs + parseDuration(lasting) };
    }),
    prepare: (world) => {
      for (const hook of options.hooks ?? []) hook(world);
    },
    intercept: (request) => {
      for (const fault of faults) fault(request, random);
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

async function run(stage: Stage, release: Release, options: SimulationOptions): Promise<Rollout> {
  const { world } = stage;
  const beganAt = world.clock.now();
  const chronicle = new Chronicle(stage);
  const exposure = new Exposure(stage, release.image);
  if (release.behaves) world.behave(release.image, release.behaves);
  world.setImage(stage.namespace, stage.target, release.image);
  chronicle.scene(`${release.image} is released`);
  const outcome = await untilEnd(stage, release, options, () => {
    chronicle.catchUp();
    exposure.look();
  });
  const durationMs = world.clock.now() - beganAt;
  const counted = exposure.result();
  await world.clock.advance(aftermathMs);
  chronicle.catchUp();
  const { seed = 1 } = options;
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

/** Lets time pass, moment by moment, until the release has begun and ended. */
async function untilEnd(
  stage: Stage,
  { meanwhile = [] }: Release,
  { limit = '24h' }: SimulationOptions,
  look: () => void,
): Promise<Outcome> {
  const { clock } = stage.world;
  const beganAt = clock.now();
  const waiting = new Set(meanwhile);
  for (const { looksAfterMs } of meanwhile)
    if (looksAfterMs !== undefined) clock.timer(looksAfterMs, () => {});
  let begun = false;
  await clock.runUntil(async () => {
    look();
    const standing = { sinceMs: clock.now() - beganAt, phase: stage.phase(), weight: stage.weight() };
    for (const operator of [...waiting].filter(({ isTime }) => isTime(standing))) {
      waiting.delete(operator);
      await operator.act(stage.world, stage);
    }
    begun ||= !settled.has(standing.phase);
    return !stage.current() || (begun && settled.has(standing.phase));
  }, parseDuration(limit));
  look();
  if (!stage.current()) return 'deleted';
  return (begun && outcomes[stage.phase()]) || 'unfinished';
}
