import { readdirSync } from 'node:fs';
import { application, foundation, NAMESPACE } from '../../bench/applications.js';
import { Canaries } from '../../lib/api/canary.js';
import type { Kind } from '../../lib/api/kinds.js';
import { Deployments, Events, Ingresses, Services } from '../../lib/api/workloads.js';
import type { Clock } from '../../lib/ports/clock.js';
import type { ApiRequest, VirtualCluster } from '../../lib/sim/cluster/virtualCluster.js';
import type { WorldPorts } from '../../lib/sim/controller.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { withAnalysis } from './analysis.js';

export interface DaysOptions {
  readonly days: number;
  readonly say: (line: string) => void;
}

export interface DaysResult {
  readonly days: number;
  readonly rollouts: number;
  readonly succeeded: number;
  /** Of the heap that is in use at the end of a day, after a collection: early on, and at the end. */
  readonly heapMiB: { readonly early: number; readonly late: number; readonly growthPercent: number };
  /** Timers of the controller that run at the end of a day. */
  readonly timers: { readonly early: number; readonly late: number };
  readonly fileDescriptors: { readonly early: number; readonly late: number };
  readonly alerts: number;
  readonly cpuSeconds: number;
}

const CANARIES = 100;
const DAY_MS = 86_400_000;
const MIB = 2 ** 20;
/** Days until caches and compiled code have their size, and days that a figure is the mean of. */
// a status keeps ten runs, one a day here
const warmUp = 12;
const span = 3;

const imageOf = (day: number) => `ghcr.io/stefanprodan/podinfo:1.0.${day}`;

interface Evening {
  readonly heap: number;
  readonly timers: number;
  readonly fileDescriptors: number;
}

/** A hundred canaries, each released once a day, on the virtual cluster with the real engine. */
export async function measureDays({ days, say }: DaysOptions): Promise<DaysResult> {
  const collect = globalThis.gc;
  if (!collect) throw new Error('expected node --expose-gc, so that memory can be told from garbage');
  const before = process.cpuUsage();
  const stage = await beginDays();
  const evenings: Evening[] = [];
  let succeeded = 0;
  for (let day = 1; day <= days; day++) {
    for (const name of stage.names) stage.world.setImage(NAMESPACE, name, imageOf(day));
    await stage.world.clock.advance(DAY_MS);
    succeeded += stage.names.filter((name) => hasReleased(stage.world, name, day)).length;
    await stage.forget();
    await collect({ type: 'major', execution: 'async' });
    const { heapUsed } = process.memoryUsage();
    evenings.push({ heap: heapUsed / MIB, timers: stage.timers(), fileDescriptors: openFiles() });
    if (day % 10 === 0) say(`day ${day} of ${days}: ${(heapUsed / MIB).toFixed(1)} MiB of heap`);
  }
  await stage.stop();
  const { user, system } = process.cpuUsage(before);
  const from = Math.min(warmUp, Math.max(0, days - span));
  const [early, late] = [mean(evenings.slice(from, from + span)), mean(evenings.slice(-span))];
  return {
    days,
    rollouts: days * CANARIES,
    succeeded,
    heapMiB: { early: early.heap, late: late.heap, growthPercent: 100 * (late.heap / early.heap - 1) },
    timers: { early: early.timers, late: late.timers },
    fileDescriptors: { early: early.fileDescriptors, late: late.fileDescriptors },
    alerts: stage.alerts(),
    cpuSeconds: (user + system) / 1e6,
  };
}

async function beginDays() {
  const names = Array.from({ length: CANARIES }, (_, index) => `app-${index}`);
  const world = createWorld({ scrapeIntervalMs: DAY_MS, historyLimit: 100 });
  world.apply([
    ...foundation(),
    ...names.flatMap((name) => application(name, 1).map((object) => withAnalysis(object))),
  ]);
  world.answer(({ url }) => (url.includes('/api/v1/query') ? content(url) : undefined));
  const running = new Set<object>();
  let requests: ApiRequest[] = [];
  let alerts = 0;
  const controller = await world.startController({
    globalNotifier: {
      send: async () => {
        alerts += 1;
      },
    },
    options: { concurrency: 32 },
    through(ports: WorldPorts) {
      // the controller's own client of the virtual API server, whose memory of requests is no part of the controller
      requests = (ports.cluster as VirtualCluster).requests() as ApiRequest[];
      return { ...ports, clock: counted(ports.clock, running) };
    },
  });
  await world.clock.advance(10 * 60_000);
  const own = (world.cluster as VirtualCluster).requests() as ApiRequest[];
  return {
    world,
    names,
    timers: () => running.size,
    alerts: () => alerts,
    /** What the world remembers of the day, which no cluster would: its log, its requests, its events. */
    async forget() {
      const { items } = await world.cluster.list(Events, { namespace: NAMESPACE });
      for (const { metadata } of items)
        await world.cluster.delete(Events, { namespace: NAMESPACE, name: metadata.name ?? '' });
      // whose fields are whose is worked out when somebody asks, and what it takes is kept until then
      const kinds: readonly Kind[] = [Canaries, Deployments, Services, Ingresses];
      for (const kind of kinds) await world.cluster.list(kind, { namespace: NAMESPACE });
      world.log.records.length = 0;
      requests.length = 0;
      own.length = 0;
    },
    stop: () => controller.stop(),
  };
}

/** Does the primary run the day's version, and the canary rest? */
function hasReleased(world: World, name: string, day: number): boolean {
  const { status } = world.read(Canaries, { namespace: NAMESPACE, name }) ?? {};
  const primary = world.read(Deployments, { namespace: NAMESPACE, name: `${name}-primary` });
  const { image } = primary?.spec.template.spec.containers[0] ?? {};
  return status?.phase === 'Succeeded' && image === imageOf(day);
}

/** All is well with every Ingress that is asked about. */
function content(url: string) {
  const query = new URL(url).searchParams.get('query') ?? '';
  const [, names = ''] = /ingress=~?"([^"]+)"/.exec(query) ?? [];
  const result = names.split('|').map((ingress) => ({
    metric: { namespace: NAMESPACE, ingress },
    value: [0, query === 'vector(1)' ? '1' : '100'],
  }));
  const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
  return { status: 200, headers: {}, body };
}

/** The same clock; timers that wait are in `running`. */
function counted(clock: Clock, running: Set<object>): Clock {
  return {
    now: () => clock.now(),
    timer(delayMs, fire) {
      const timer = clock.timer(delayMs, () => {
        running.delete(timer);
        fire();
      });
      running.add(timer);
      return {
        cancel() {
          running.delete(timer);
          timer.cancel();
        },
      };
    },
  };
}

function openFiles(): number {
  return readdirSync(process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd').length;
}

function mean(evenings: readonly Evening[]): Evening {
  const of = (field: keyof Evening) => evenings.reduce((sum, each) => sum + each[field], 0) / evenings.length;
  return { heap: of('heap'), timers: of('timers'), fileDescriptors: of('fileDescriptors') };
}
