import { Canaries } from '../../lib/api/canary.js';
import type { Http, HttpResponse } from '../../lib/ports/http.js';
import type { WorldPorts } from '../../lib/sim/controller.js';
import type { World } from '../../lib/sim/world.js';
import { namespace } from '../sim/podinfo.js';
import { ask, type Doers, doings, releaseVersion } from './deeds.js';
import { FaultyCluster } from './faultyCluster.js';
import { faultyHttp } from './faultyHttp.js';
import { type Kind, kindOf } from './kinds.js';
import { Life, Seat } from './life.js';
import { clusterOf, initialised } from './opening.js';
import type { Scenario, Turn } from './scenarios.js';
import type { Schedule } from './schedule.js';
import type { Stand, Trace } from './trace.js';
import { Witness } from './witness.js';

const key = { namespace, name: 'podinfo' };
const restartMs = 2_000;
const limitMs = 20 * 60_000;
const restMs = 60_000;
const intervalMs = 10_000;

export interface Play {
  readonly trace: Trace;
  /** Requests to the API server, calls of hooks and metrics, and alerts of the first controller since the release. */
  readonly asked: Readonly<Record<'request' | 'call' | 'alert', number>>;
  /** The status at each death of a controller. */
  readonly stops: readonly Stand[];
  /** The kind of each incident of the schedule that came true, in order. */
  readonly happened: readonly Kind[];
}

/** Stands between a controller and the world, for a defect that is planted in it. */
export type Defect = (ports: WorldPorts) => WorldPorts;

/** Faults go to what the controller asks of hooks and metrics; alerts arrive, unless it dies over one. */
function network(inner: Http, life: Life): Http {
  const faulty = faultyHttp(inner, life);
  const deliver: Http['request'] = (request) => {
    if (!life.alive) return life.silence();
    const fault = life.seat.next('alert');
    if (fault?.what === 'dieBefore') life.die();
    const answer = life.alive ? inner.request(request) : life.silence<HttpResponse>();
    if (fault?.what === 'dieAfter') life.die();
    return life.whileAlive(answer);
  };
  return {
    request: (request) =>
      request.url.includes('hooks.slack.com') ? deliver(request) : faulty.request(request),
  };
}

/** Plays a schedule on the virtual cluster with the real engine. The same schedule gives the same trace. */
export async function play(scenario: Scenario, schedule: Schedule, defect?: Defect): Promise<Play> {
  const state = scenario.fromStart ? undefined : await initialised(scenario);
  const world = clusterOf(scenario, (tag, good) => witness.checked(tag, good), state);
  const witness = new Witness(world, scenario);
  const happened: Kind[] = [];
  const stops: Stand[] = [];
  const tell = (kind: Kind) => happened.push(kind);
  const seats = [new Seat(0, tell), new Seat(1, tell)] as const;
  let lives: Life[] = [];
  const start = (seat: Seat): void => {
    const life = new Life(seat, world.clock, (dead) => {
      stops.push(...witness.stands.slice(-1));
      lives = lives.filter((other) => other !== dead);
      world.clock.timer(restartMs, () => start(seat));
    });
    lives.push(life);
    const through = (ports: WorldPorts): WorldPorts => {
      const faulty = {
        ...ports,
        clock: life.clock,
        cluster: new FaultyCluster(ports.cluster, life),
        http: network(ports.http, life),
      };
      return defect ? defect(faulty) : faulty;
    };
    void world.startController({ through }).catch(() => life.die());
  };
  const arm = () => {
    for (const seat of seats) seat.arm(schedule.incidents);
  };
  // the app serves before anybody puts it under a canary
  if (scenario.fromStart) {
    await world.clock.advance(10_000);
    arm();
  }
  start(seats[0]);
  const waiting = [...(scenario.later ?? [])];
  const step = (holds: () => boolean) => () => {
    witness.look();
    const [next] = waiting;
    if (next?.when(world.read(Canaries, key)?.status ?? {})) {
      waiting.shift();
      take(next.what, { world, scenario });
    }
    return holds();
  };
  const phase = () => world.read(Canaries, key)?.status?.phase ?? '';
  await world.clock.runUntil(
    step(() => phase() === 'Initialized'),
    limitMs,
  );
  if (scenario.skipsAnalysis)
    void world.cluster.patch(Canaries, key, 'merge', { spec: { skipAnalysis: true } });
  await world.clock.advance(1_000);

  if (!scenario.fromStart) arm();
  const released = world.clock.now();
  releaseVersion({ world, scenario }, '6.9.1');
  schedulePlan(schedule, { world, scenario, lives: () => lives, startSecond: () => start(seats[1]) }, tell);
  const ended = await world.clock.runUntil(
    step(() => isOver(world, witness, released)),
    limitMs,
  );
  const count = (on: 'request' | 'call' | 'alert') => seats[0].count(on);
  const asked = { request: count('request'), call: count('call'), alert: count('alert') };
  const writes = countWrites(world);
  await world.clock.runUntil(
    step(() => false),
    restMs,
  );
  witness.leave();
  for (const life of lives) life.alive = false;
  const seen = traceOf(world, witness, scenario, ended, countWrites(world) - writes);
  return { trace: { ...seen, happened }, asked, stops, happened };
}

function take(what: Turn, parts: Pick<Doers, 'world' | 'scenario'>): void {
  const { world } = parts;
  if (what === 'release') releaseVersion(parts, '6.9.3');
  else if (what === 'delete') void world.cluster.delete(Canaries, key);
  else ask(world, what, what === 'promote' ? { full: true } : {});
}

function schedulePlan({ incidents }: Schedule, doers: Doers, tell: (kind: Kind) => void): void {
  let seconds = 0;
  const startSecond = () => {
    if (seconds++ === 0) doers.startSecond();
  };
  for (const incident of incidents) {
    if (incident.on !== 'time') continue;
    doers.world.clock.timer(incident.ms, () => {
      tell(kindOf(incident));
      doings[incident.what]({ ...doers, startSecond });
    });
  }
}

/** The last planned deed lies 90 s after the release, and lasts for 30 s. */
const deedsMs = 125_000;
/** What ended must stay so for longer than clocks, faults and intervals can delay anything. */
const stillMs = 150_000;

function isOver(world: World, witness: Witness, releasedAt: number): boolean {
  const now = world.clock.now();
  if (now < releasedAt + deedsMs) return false;
  if (witness.deleted) return now > (witness.traffic.at(-1)?.at ?? 0) + stillMs;
  const { status } = world.read(Canaries, key) ?? {};
  const terminal = ['Initialized', 'Succeeded', 'Failed'].includes(status?.phase ?? '');
  if (!terminal || status?.lastCheckTime !== undefined) return false;
  return now > Math.max(witness.stands.at(-1)?.at ?? 0, witness.targets.at(-1)?.at ?? 0) + stillMs;
}

const writing: ReadonlySet<string> = new Set([
  'create',
  'update',
  'updateStatus',
  'patch',
  'apply',
  'delete',
]);

function countWrites(world: World): number {
  return world.requests().filter(({ verb }) => writing.has(verb)).length;
}

function traceOf(
  world: World,
  witness: Witness,
  scenario: Scenario,
  ended: boolean,
  restlessWrites: number,
): Trace {
  const { stands, traffic, routes, checks, targets, primaries, deleted, primaryConfig } = witness;
  return {
    ...{
      stands,
      traffic,
      routes,
      checks,
      targets,
      primaries,
      deleted,
      primaryConfig,
      ended,
      restlessWrites,
      intervalMs,
    },
    skipsAnalysis: scenario.skipsAnalysis === true,
    turns: (scenario.later ?? []).map(({ what }) => what),
    alerts: world.alerts().map(({ body }) => {
      const { attachments = [] } = JSON.parse(body) as { attachments?: { text?: string }[] };
      return attachments[0]?.text ?? body;
    }),
    words: JSON.stringify([world.log.records, world.events(), stands]),
  };
}
