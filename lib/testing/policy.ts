import type { Behaviour } from '../sim/models/behaviours.js';
import { faulty, healthy, slow } from './models/behaviour.js';
import { traffic } from './models/traffic.js';
import type { Rollout } from './rollout.js';
import { simulate } from './simulation.js';
import type { SimulationOptions } from './simulationOptions.js';
import type { Source } from './source.js';

export interface PolicyOptions extends Pick<SimulationOptions, 'canary'> {
  /** Of every release, for example `podinfo:6.9.1`; another one than the source declares. */
  readonly image: string;
  /** Requests of users a second, above 0. @default 20 */
  readonly rps?: number;
  /** Releases of each kind, 1 or more. @default 20 */
  readonly runs?: number;
  /** @default 1 */
  readonly seed?: number | string;
  /** Told after each release: how many of how many. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What the policy does with releases of one kind. */
export interface PolicyRow {
  /** For people, such as `2 % errors`. */
  readonly kind: string;
  readonly healthy: boolean;
  /** Share of the requests that fail, 0 to 1. */
  readonly errorRate: number;
  /** Milliseconds of half of the answers; undefined for a version as fast as before. */
  readonly medianMs?: number;
  readonly runs: number;
  /** Share of the releases that was rolled back, 0 to 1. */
  readonly rolledBack: number;
  /** Virtual milliseconds to the rollback; undefined when none was rolled back. */
  readonly medianRollbackMs?: number;
  readonly p95RollbackMs?: number;
  /** Requests of users that failed in a release, and those that met the new version before its promotion; means. */
  readonly failedRequests: number;
  readonly exposedRequests: number;
}

type Case = Pick<PolicyRow, 'kind' | 'healthy' | 'errorRate' | 'medianMs'> & { readonly behaves: Behaviour };

const errorRates = [0.005, 0.01, 0.02, 0.05, 0.1, 0.5];
const mediansMs = [100, 250, 500, 1000];
/** A release that has not ended by then waits for somebody. */
const limit = '6h';

const cases: readonly Case[] = [
  { kind: 'healthy', healthy: true, errorRate: 0, behaves: healthy() },
  ...errorRates.map((errorRate) => ({
    kind: `${errorRate * 100} % errors`,
    healthy: false,
    errorRate,
    behaves: faulty({ errorRate }),
  })),
  ...mediansMs.map((medianMs) => ({
    kind: `${medianMs} ms in the median`,
    healthy: false,
    errorRate: 0,
    medianMs,
    behaves: slow({ median: `${medianMs}ms` }),
  })),
];

/** Makes many releases of each kind under the source's policy, each with a seed of its own. */
export async function tryPolicy(source: Source, options: PolicyOptions): Promise<PolicyRow[]> {
  const { image, rps = 20, runs = 20, seed = 1, canary, onProgress } = options;
  const rows: PolicyRow[] = [];
  let done = 0;
  for (const { behaves, ...about } of cases) {
    const rollouts: Rollout[] = [];
    for (let run = 0; run < runs; run++) {
      const own = { seed: `${seed}/${about.kind}/${run}`, limit, traffic: traffic.steady({ rps }) };
      const simulation = simulate(source, { ...own, ...(canary !== undefined && { canary }) });
      rollouts.push(await simulation.release({ image, behaves }));
      done += 1;
      onProgress?.(done, runs * cases.length);
    }
    rows.push(rowOf(about, rollouts));
  }
  return rows;
}

function rowOf(about: Omit<Case, 'behaves'>, rollouts: readonly Rollout[]): PolicyRow {
  const times = rollouts
    .filter(({ outcome }) => outcome === 'rolledBack')
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  const mean = (field: 'failedRequests' | 'exposedRequests') =>
    rollouts.reduce((sum, rollout) => sum + rollout[field], 0) / rollouts.length;
  const quantile = (share: number) => times[Math.floor(times.length * share)]!;
  return {
    ...about,
    runs: rollouts.length,
    rolledBack: times.length / rollouts.length,
    ...(times.length > 0 && { medianRollbackMs: quantile(0.5), p95RollbackMs: quantile(0.95) }),
    failedRequests: mean('failedRequests'),
    exposedRequests: mean('exposedRequests'),
  };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** The policy's weakest point, in a sentence: a healthy release that it rolls back, else the worst that it lets pass. */
export function weakestPoint(rows: readonly PolicyRow[], rps: number): string {
  const mistaken = rows.find(({ healthy: isHealthy, rolledBack }) => isHealthy && rolledBack > 0);
  if (mistaken)
    return `At ${rps} requests a second, ${percent(mistaken.rolledBack)} of healthy releases are rolled back.`;
  const missed = rows.filter(({ healthy: isHealthy, rolledBack }) => !isHealthy && rolledBack < 0.99);
  const worst = missed.filter(({ medianMs }) => medianMs === undefined).at(-1) ?? missed.at(-1);
  if (!worst) return `At ${rps} requests a second, every fault above is caught.`;
  const caught =
    worst.rolledBack === 0 ? 'never caught' : `caught in ${percent(worst.rolledBack)} of cases only`;
  return `At ${rps} requests a second, a release with ${worst.kind} is ${caught}.`;
}
