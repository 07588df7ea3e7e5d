import { createLeadership } from '../../../lib/engine/leadership/lease.js';
import type { Clock } from '../../../lib/ports/clock.js';
import { ApiError, type Cluster } from '../../../lib/ports/cluster.js';

/** Where a controller runs: a clock that can be set, and a way to the API server that can fail. */
interface Machine {
  /** How far its wall clock is off, milliseconds; its timers run as everybody's. */
  skewMs: number;
  /** `silent`: requests get no answer, not even a failure. */
  network: 'up' | 'cut' | 'silent';
}

/** A controller on a machine of its own that stands for election. */
export function candidate(identity: string, cluster: Cluster, clock: Clock) {
  const machine: Machine = { skewMs: 0, network: 'up' };
  const log: string[] = [];
  const leadership = createLeadership({
    cluster: overNetwork(cluster, machine),
    clock: { now: () => clock.now() + machine.skewMs, timer: (ms, fire) => clock.timer(ms, fire) },
    log: { log: (_level, message) => void log.push(message) },
    namespace: 'flagger',
    identity,
  });
  const state = { leads: false };
  const run = leadership.run({
    onStarted: () => {
      state.leads = true;
    },
    onStopped: () => {
      state.leads = false;
    },
  });
  return { machine, log, state, run, stop: leadership.stop };
}

function overNetwork(cluster: Cluster, machine: Machine): Cluster {
  const through = <T>(request: () => Promise<T>): Promise<T> => {
    if (machine.network === 'silent') return new Promise(() => {});
    if (machine.network === 'cut') return Promise.reject(new ApiError(0, 'ConnectionFailed', 'cut'));
    return request();
  };
  return Object.assign(Object.create(cluster) as Cluster, {
    get: (...given: Parameters<Cluster['get']>) => through(() => cluster.get(...given)),
    create: (...given: Parameters<Cluster['create']>) => through(() => cluster.create(...given)),
    update: (...given: Parameters<Cluster['update']>) => through(() => cluster.update(...given)),
  });
}
