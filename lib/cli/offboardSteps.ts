import { Canaries } from '../api/canary.js';
import { primaryName } from '../api/defaults.js';
import { PerchError } from '../api/errors.js';
import { holdsFinalizer } from '../api/finalizer.js';
import type { Kind } from '../api/kinds.js';
import { DaemonSets, Deployments, Services } from '../api/workloads.js';
import { type Clock, sleep } from '../ports/clock.js';
import { type Cluster, unlessMissing } from '../ports/cluster.js';
import type { OffboardPlan } from './offboardPlan.js';

/** News of a step: numbered from 1, with what it waits for while it is not done. */
export interface OffboardNews {
  readonly step: number;
  readonly of: number;
  readonly what: string;
  readonly done: boolean;
  readonly waitingFor?: string;
}

export interface Offboarding {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly say: (news: OffboardNews) => void;
  /** Longest wait for the target to serve, and for the primary to go; milliseconds. */
  readonly timeoutMs: number;
}

const PRIMARIES: Readonly<Record<string, Kind>> = {
  Deployment: Deployments,
  DaemonSet: DaemonSets,
  Service: Services,
};
/** A controller that runs sees a changed Canary at once. */
const CONTROLLER_MS = 60_000;
const POLL_MS = 500;

/**
 * Takes a canary off perch. Each step waits for what the next one needs; stopped anywhere, it can be run again and goes
 * on from there. Throws CLI_OFFBOARD_TIMEOUT.
 */
export async function offboard(offboarding: Offboarding, plan: OffboardPlan): Promise<void> {
  const { cluster, timeoutMs } = offboarding;
  const { key, steps } = plan;
  const read = () => unlessMissing(cluster.get(Canaries, key));
  const follow = (step: number, limitMs: number, waitingFor: () => Promise<string | undefined>) =>
    settle(offboarding, { step, of: steps.length, what: steps[step - 1] ?? '' }, limitMs, waitingFor);

  if (plan.canary.spec.revertOnDeletion !== true) {
    await cluster.patch(Canaries, key, 'merge', { spec: { revertOnDeletion: true } });
  }
  await follow(1, CONTROLLER_MS, async () => {
    const canary = await read();
    return !canary || holdsFinalizer(canary) ? undefined : 'the controller to take notice: does it run?';
  });
  await unlessMissing(cluster.delete(Canaries, key));
  await follow(2, timeoutMs, async () => {
    const phase = (await read())?.status?.phase;
    if (phase === undefined || phase === 'Terminated') return undefined;
    if (phase !== 'Terminating') return 'the controller to begin';
    return `the pods of ${plan.canary.spec.targetRef.name} to be ready`;
  });
  await follow(3, timeoutMs, async () =>
    (await read()) ? 'the last requests to the primary to be answered' : undefined,
  );
  const kind = PRIMARIES[plan.canary.spec.targetRef.kind] ?? Deployments;
  const primary = { namespace: key.namespace, name: primaryName(plan.canary) };
  await follow(4, timeoutMs, async () => {
    const found = await unlessMissing(cluster.get(kind, primary));
    return found ? `${kind.kind} ${primary.name} to go` : undefined;
  });
}

/** Says what is waited for, whenever that changes, until nothing is. */
async function settle(
  { clock, say }: Offboarding,
  news: Omit<OffboardNews, 'done'>,
  limitMs: number,
  waitingFor: () => Promise<string | undefined>,
): Promise<void> {
  const end = clock.now() + limitMs;
  let said: string | undefined;
  for (let left = await waitingFor(); left !== undefined; left = await waitingFor()) {
    if (left !== said) say({ ...news, done: false, waitingFor: left });
    said = left;
    if (clock.now() >= end) throw timedOut(news, left, limitMs);
    await sleep(clock, POLL_MS);
  }
  say({ ...news, done: true });
}

function timedOut({ step, of }: Omit<OffboardNews, 'done'>, left: string, limitMs: number): PerchError {
  return new PerchError({
    code: 'CLI_OFFBOARD_TIMEOUT',
    message: `waited ${Math.round(limitMs / 1000)} s for ${left}`,
    remedy:
      "nothing has been taken away that serves; see `kubectl describe canary` and the controller's log, then run the command again: it goes on from there",
    path: `step ${step} of ${of}`,
  });
}
