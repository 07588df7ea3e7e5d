import { Canaries } from '../lib/api/canary.js';
import { application, foundation, NAMESPACE } from './applications.js';
import type { BenchCluster } from './cluster.js';
import { pause, startController, until, usageOf } from './controller.js';

export interface IdleResult {
  readonly canaries: number;
  readonly rssMiB: number;
  readonly cpuSeconds: number;
  readonly cpuPercent: number;
  /** API requests in the measured window. */
  readonly requests: number;
  /** API requests of a start with all canaries there. */
  readonly requestsToStart: number;
  readonly secondsToStart: number;
}

export interface IdleOptions {
  readonly counts: readonly number[];
  readonly windowSeconds: number;
  /** Of each target; 0 where nothing runs pods. */
  readonly replicas: number;
  /** Address of a Prometheus. */
  readonly prometheus: string;
}

/** For each count: initialises so many canaries, starts a fresh controller, and watches it doing nothing. */
export async function measureIdle(bench: BenchCluster, options: IdleOptions): Promise<IdleResult[]> {
  await bench.apply(foundation());
  const results: IdleResult[] = [];
  let there = 0;
  for (const count of options.counts) {
    for (; there < count; there++) await bench.apply(application(`app-${there}`, options.replicas));
    const flags = [`-namespace=${NAMESPACE}`, `-metrics-server=${options.prometheus}`];
    await initialize(bench, count, flags);
    results.push(await measure(bench, count, options.windowSeconds, flags));
  }
  return results;
}

export async function initialize(
  bench: BenchCluster,
  count: number,
  flags: readonly string[],
  { patienceMs = 120_000, qps = -1 } = {},
): Promise<void> {
  const controller = await startController(bench.server.url, [...flags, `-kubeconfig-qps=${qps}`]);
  let initialized = 0;
  const look = async (): Promise<void> => {
    const { items } = await bench.cluster.list(Canaries, { namespace: NAMESPACE });
    initialized = items.filter(({ status }) => status?.phase === 'Initialized').length;
  };
  const end = Date.now() + patienceMs;
  while (initialized < count) {
    if (Date.now() > end)
      throw new Error(`${initialized} of ${count} canaries initialised: ${controller.log()}`);
    await pause(250);
    await look();
  }
  await controller.stop();
}

async function measure(
  bench: BenchCluster,
  canaries: number,
  windowSeconds: number,
  flags: readonly string[],
): Promise<IdleResult> {
  const before = bench.server.requests.length;
  const startedAt = Date.now();
  const controller = await startController(bench.server.url, flags);
  const secondsToStart = (Date.now() - startedAt) / 1000;
  await quiet(bench);
  const requestsToStart = bench.server.requests.length - before;
  const first = usageOf(controller.pid);
  await pause(windowSeconds * 1000);
  const last = usageOf(controller.pid);
  const requests = bench.server.requests.length - before - requestsToStart;
  await controller.stop();
  const cpuSeconds = last.cpuSeconds - first.cpuSeconds;
  return {
    canaries,
    rssMiB: last.rssMiB,
    cpuSeconds,
    cpuPercent: (100 * cpuSeconds) / windowSeconds,
    requests,
    requestsToStart,
    secondsToStart,
  };
}

/** Resolves when no request has come for three seconds. */
async function quiet({ server }: BenchCluster): Promise<void> {
  let seen = -1;
  let since = Date.now();
  await until(
    () => {
      if (server.requests.length !== seen) {
        seen = server.requests.length;
        since = Date.now();
      }
      return Date.now() - since >= 3_000;
    },
    60_000,
    () =>
      `the controller is never quiet: ${server.requests
        .slice(-10)
        .map(({ line }) => line)
        .join('\n')}`,
  );
}
