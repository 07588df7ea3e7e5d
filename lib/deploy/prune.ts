import type { Canary } from '../api/canary.js';
import { formatDuration } from '../api/duration.js';
import { PerchError } from '../api/errors.js';
import type { Clock } from '../ports/clock.js';
import { type Cluster, unlessMissing } from '../ports/cluster.js';
import { explainRefusal } from './failure.js';
import { type Item, isCanary, isGoing, keyOf, titleOf } from './manifest.js';
import { stateOf } from './outcome.js';
import { type Patience, patienceOf, waitUntil } from './patience.js';
import type { Report } from './progress.js';

export interface PrunePorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly report: Report;
  /** Longest wait for deleted Canaries to go, milliseconds. */
  readonly timeoutMs: number;
}

/** Deletes in the given order. What comes after a Canary stays until that is gone. */
export async function prune(orphans: readonly Item[], ports: PrunePorts): Promise<void> {
  const patience = patienceOf(ports.clock, ports.timeoutMs);
  for (const item of orphans) {
    if (!isGoing(item)) {
      await unlessMissing(ports.cluster.delete(item.kind, keyOf(item))).catch((error: unknown) => {
        throw explainRefusal(item, error);
      });
      ports.report({ what: 'deleted', item });
    }
    // The controller gives the traffic back to the target, and only while the rest is there.
    if (isCanary(item)) await waitForDeletion(item, patience, ports);
  }
}

async function waitForDeletion(item: Item, patience: Patience, ports: PrunePorts): Promise<void> {
  const subject = titleOf(item.object);
  let said = '';
  const look = async () => {
    const left = await unlessMissing(ports.cluster.get(item.kind, keyOf(item)));
    if (!left) return { done: true };
    const state = `it is being deleted, which takes a running controller: ${stateOf(left as Canary)}`;
    if (state !== said) ports.report({ what: 'waiting', subject, state });
    said = state;
    return { state };
  };
  await waitUntil(patience, subject, look, () => held(subject, patience.timeoutMs, said));
}

function held(path: string, timeoutMs: number, state: string): PerchError {
  return new PerchError({
    code: 'DEPLOY_TIMEOUT',
    message: `waited ${formatDuration(timeoutMs)}, and still: ${state}`,
    remedy:
      'run the same command again when its controller runs and its target can get ready, allow more with --timeout, or leave all that would be deleted with --no-prune',
    path,
  });
}
