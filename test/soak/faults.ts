import { pause } from '../../bench/controller.js';
import type { Incident } from '../explore/schedule.js';
import type { Contender } from './contenders.js';
import type { MetricsServer } from './metricsServer.js';
import type { Stage } from './stage.js';

/** What a fault may break. */
export interface Breakable {
  readonly stage: Stage;
  readonly metrics: MetricsServer;
  /** Each has a way of its own to the API server. */
  readonly controllers: readonly Contender[];
}

export interface Fault {
  readonly name: string;
  readonly what: string;
  /** Resolves when the fault is over. */
  readonly play: (breakable: Breakable) => Promise<void>;
  /** Two controllers, one of which is elected. @default false */
  readonly elected?: boolean;
  /** Logs go to a disk that is full. @default false */
  readonly fullDisk?: boolean;
  /** What the invariants take into account of it. */
  readonly incidents?: readonly Incident[];
}

const seconds = (count: number): Promise<void> => pause(count * 1000);

async function killApiServer({ stage }: Breakable, lasting = 30): Promise<void> {
  await stage.killApiServer();
  await seconds(lasting);
  await stage.restartApiServer();
}

async function pauseEtcd({ stage }: Breakable, lasting = 20): Promise<void> {
  stage.etcd.program.signal('SIGSTOP');
  await seconds(lasting);
  stage.etcd.program.signal('SIGCONT');
}

async function cutWatches({ controllers }: Breakable, lasting = 30): Promise<void> {
  for (let second = 0; second < lasting; second += 2) {
    for (const { gate } of controllers) gate.cutWatches();
    await seconds(2);
  }
}

async function storm({ controllers }: Breakable, lasting = 30): Promise<void> {
  for (const { gate } of controllers) gate.set('busy');
  await seconds(lasting);
  for (const { gate } of controllers) gate.set('open');
}

async function loseMetrics({ metrics }: Breakable, lasting = 30): Promise<void> {
  metrics.setAway(true);
  await seconds(lasting);
  metrics.setAway(false);
}

async function kill({ controllers }: Breakable, times = 3): Promise<void> {
  for (let time = 0; time < times; time++) {
    for (const { controller } of controllers) controller.signal('SIGKILL');
    if (time < times - 1) await seconds(20);
  }
}

/** The leader no longer reaches the API server, and all else it does: metrics, alerts, its own belief to lead. */
async function partition({ controllers }: Breakable): Promise<void> {
  await controllers[0]?.cable.pull();
  await seconds(90);
  await controllers[0]?.cable.plug();
}

async function stepClock({ controllers }: Breakable): Promise<void> {
  for (const clockErrorMs of [90_000, -90_000, 0]) {
    for (const { controller } of controllers) controller.stepClock(clockErrorMs);
    await seconds(15);
  }
}

const shorts = [
  (breakable: Breakable) => killApiServer(breakable, 8),
  (breakable: Breakable) => pauseEtcd(breakable, 6),
  (breakable: Breakable) => cutWatches(breakable, 8),
  (breakable: Breakable) => storm(breakable, 8),
  (breakable: Breakable) => loseMetrics(breakable, 8),
  (breakable: Breakable) => kill(breakable, 1),
];

/** Each two neighbours together, then all but the first in another order. */
async function mix(breakable: Breakable): Promise<void> {
  for (const [index, short] of shorts.entries()) {
    await Promise.all([short(breakable), shorts[(index + 1) % shorts.length]!(breakable)]);
    await seconds(2);
  }
}

const dies: Incident = { on: 'request', who: 0, nth: 0, what: 'dieAfter' };
const clock: Incident = { on: 'time', ms: 0, what: 'clockForward' };

export const faults: readonly Fault[] = [
  { name: 'none', what: 'nothing', play: async () => undefined },
  { name: 'api-server', what: 'the API server is killed for 30 s', play: (all) => killApiServer(all) },
  { name: 'etcd', what: 'etcd stands still for 20 s', play: (all) => pauseEtcd(all) },
  { name: 'watches', what: 'every watch is cut every 2 s for 30 s', play: (all) => cutWatches(all) },
  { name: 'storm', what: 'four of five requests get 429 for 30 s', play: (all) => storm(all) },
  { name: 'metrics', what: 'Prometheus is away for 30 s', play: (all) => loseMetrics(all) },
  {
    name: 'killed',
    what: 'the controller is killed every 20 s, three times',
    play: (all) => kill(all),
    incidents: [dies],
  },
  {
    name: 'partition',
    what: 'the leader of two is cut off from the API server alone for 90 s',
    play: partition,
    elected: true,
    incidents: [dies],
  },
  { name: 'disk', what: 'its log goes to a full disk', play: () => seconds(30), fullDisk: true },
  { name: 'clock', what: 'its clock jumps by 90 s, to and fro', play: stepClock, incidents: [clock] },
  { name: 'mixed', what: 'all of these but the last three, two at a time', play: mix, incidents: [dies] },
];
