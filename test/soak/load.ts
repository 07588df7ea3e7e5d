import { join } from 'node:path';
import { pause, usageOf } from '../../bench/controller.js';
import { type Controller, startController } from './controller.js';
import { eventually } from './controlPlane.js';
import { type Delivery, deliveries, type Heard, hearEvents } from './events.js';
import { measureFloor } from './floor.js';
import { type Gate, startGate } from './gate.js';
import { type Shares, watchMachine } from './machine.js';
import { limitMemory } from './memoryLimit.js';
import { type MetricsServer, startMetricsServer } from './metricsServer.js';
import { countByKind } from './requests.js';
import {
  addApplications,
  LIMIT_MS,
  names,
  phaseOf,
  quiet,
  release,
  resting,
  type Stage,
  setStage,
} from './stage.js';
import { type Lateness, lateness } from './steps.js';

export interface LoadOptions {
  readonly canaries: number;
  /** How many the canaries are spread over. */
  readonly namespaces: number;
  readonly released: number;
  /** Seconds that the idle controller is watched for. */
  readonly windowSeconds: number;
  /** Which applications have a pod. */
  readonly pods: 'all' | 'released';
  /** Is what the control plane takes by itself measured first? */
  readonly floor: boolean;
  readonly flags: readonly string[];
  /** Limit of the controller's memory, MiB. */
  readonly memoryMiB: number | undefined;
  readonly say: (line: string) => void;
}

export interface LoadResult {
  readonly canaries: number;
  readonly start: {
    readonly seconds: number;
    readonly requests: number;
    readonly kinds: Readonly<Record<string, number>>;
    readonly cpuSeconds: number;
    /** What the control plane takes by itself for as many, where that was measured. */
    readonly floorSeconds?: number;
    /** Who took the machine's CPU meanwhile. */
    readonly shares: Shares;
  };
  readonly idle: { readonly requestsPerSecond: number; readonly cpuPercent: number; readonly rssMiB: number };
  readonly rollouts: {
    readonly released: number;
    readonly succeeded: number;
    /** The last words about those that did not, each once. */
    readonly failures: readonly string[];
    readonly seconds: number;
    readonly requests: number;
    readonly cpuSeconds: number;
    readonly rssMiB: number;
    readonly lateness: Lateness;
    /** To the metrics server, and the questions of canaries that they answered. */
    readonly queries: number;
    readonly answers: number;
  };
  readonly events: Delivery;
  /** Under a limit of memory: what could not have been given back, MiB, and how often the controller was ended for it. */
  readonly limited?: { readonly memoryMiB: number; readonly usedMiB: number; readonly kills: number };
}

/** So many canaries are initialised, then left alone, then some of them released at once. */
export async function measureLoad(options: LoadOptions): Promise<LoadResult> {
  const floorSeconds = options.floor ? await measureFloor(options) : undefined;
  const stage = await setStage(options.namespaces);
  const metrics = await startMetricsServer({ isGood: () => true, namespaceOf: stage.namespaceOf });
  const gate = await startGate(stage);
  const heard: Heard[] = [];
  const { memoryMiB } = options;
  const limit = memoryMiB === undefined ? undefined : limitMemory(memoryMiB);
  try {
    const apps = names(options.canaries);
    options.say(`${options.canaries} applications and canaries are created`);
    const running = options.pods === 'all' ? apps : apps.slice(0, options.released);
    await addApplications(stage, running, 1);
    await addApplications(stage, apps.slice(running.length), 0);
    await quiet(stage, running);
    const begun = Date.now();
    const controller = await startController({
      apiServer: gate.url,
      metricsServer: metrics.url,
      flags: options.flags,
      ...(limit && { enter: limit.enter }),
      logFile: join(stage.folder, 'controller.log'),
      hear: hearEvents(heard),
    });
    try {
      const ground = { stage, gate, metrics, controller, apps, options };
      const start = { ...(await measureStart(ground, begun)), ...(floorSeconds && { floorSeconds }) };
      const idle = await measureIdle(ground);
      const rollouts = await measureRollouts(ground);
      const limited = limit && { memoryMiB: memoryMiB!, usedMiB: limit.usedMiB(), kills: limit.kills() };
      await controller.stop();
      await pause(2_000);
      return {
        canaries: options.canaries,
        start,
        idle,
        rollouts,
        events: deliveries(heard, stage.chronicle),
        ...(limited && { limited }),
      };
    } finally {
      await controller.stop();
    }
  } finally {
    await Promise.all([gate.close(), metrics.close()]);
    await stage.close();
  }
}

interface Ground {
  readonly stage: Stage;
  readonly gate: Gate;
  readonly metrics: MetricsServer;
  readonly controller: Controller;
  readonly apps: readonly string[];
  readonly options: LoadOptions;
}

async function measureStart({ stage, gate, controller, apps, options }: Ground, begun: number) {
  let told = 0;
  const shares = watchMachine({ ...stage.pids(), soak: process.pid, perch: controller.pid() });
  await eventually(LIMIT_MS, 'every canary is Initialized', async () => {
    const done = apps.filter((name) => phaseOf(stage, name) === 'Initialized').length;
    if (done - told >= apps.length / 10) {
      options.say(`${done} of ${apps.length} are Initialized`);
      told = done;
    }
    return done === apps.length;
  });
  const last = Math.max(...apps.map((name) => initializedAt(stage, name)));
  const { cpuSeconds } = usageOf(controller.pid());
  return {
    seconds: (last - begun) / 1000,
    requests: gate.asked.length,
    kinds: countByKind(gate.asked),
    cpuSeconds,
    shares: shares(),
  };
}

function initializedAt({ chronicle }: Stage, name: string): number {
  return chronicle.of(name).stands.find(({ status }) => status.phase === 'Initialized')?.at ?? Number.NaN;
}

async function measureIdle({ gate, controller, options }: Ground) {
  await settle(gate);
  options.say(`watched doing nothing for ${options.windowSeconds} s`);
  const [before, asked] = [usageOf(controller.pid()), gate.asked.length];
  await pause(options.windowSeconds * 1000);
  const after = usageOf(controller.pid());
  return {
    requestsPerSecond: (gate.asked.length - asked) / options.windowSeconds,
    cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / options.windowSeconds,
    rssMiB: after.rssMiB,
  };
}

/** Until nothing was asked for ten seconds. */
async function settle(gate: Gate): Promise<void> {
  await eventually(120_000, 'the controller is quiet', async () => {
    return Date.now() - (gate.asked.at(-1)?.at ?? 0) > 10_000;
  });
}

async function measureRollouts({ stage, gate, metrics, controller, apps, options }: Ground) {
  const chosen = apps.slice(0, options.released);
  options.say(`${chosen.length} are released at once`);
  const [before, asked, queries] = [usageOf(controller.pid()), gate.asked.length, metrics.queries.length];
  const begun = Date.now();
  await release(stage, chosen, '6.9.1');
  await eventually(60_000, 'every release has begun', async () =>
    chosen.every((name) => phaseOf(stage, name) !== 'Initialized'),
  );
  await eventually(LIMIT_MS, 'every release has ended', async () => {
    return resting(stage, chosen, ['Succeeded', 'Failed']) === chosen.length;
  });
  const seconds = (Date.now() - begun) / 1000;
  const after = usageOf(controller.pid());
  const made = metrics.queries.slice(queries);
  return {
    released: chosen.length,
    succeeded: resting(stage, chosen, ['Succeeded']),
    failures: lastWords(stage, chosen),
    seconds,
    requests: gate.asked.length - asked,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    rssMiB: after.rssMiB,
    lateness: lateness(chosen.map((name) => stage.chronicle.of(name))),
    queries: made.length,
    answers: made.reduce((sum, { canaries }) => sum + canaries, 0),
  };
}

function lastWords(stage: Stage, chosen: readonly string[]): string[] {
  const failed = chosen.filter((name) => phaseOf(stage, name) !== 'Succeeded');
  const words = failed.map((name) =>
    stage.chronicle
      .of(name)
      .events.slice(-3)
      .map(({ message }) => message),
  );
  return [...new Set(words.map((lines, index) => lines.join('; ').replaceAll(failed[index]!, 'APP')))];
}
