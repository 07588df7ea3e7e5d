import type { Canary, ControlRecord } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { findCanary } from '../deploy/canaryLookup.js';
import { judge, stateOf } from '../deploy/outcome.js';
import { type Look, patienceOf, waitUntil } from '../deploy/patience.js';
import { type Outcome, outcomeOf, rolledBack } from '../deploy/rollback.js';
import type { Clock } from '../ports/clock.js';
import type { Cluster, ObjectKey } from '../ports/cluster.js';

/** Where and how long to look. */
export interface Watching {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly key: ObjectKey;
  readonly timeoutMs: number;
  /** Told of the Canary each time it was read. */
  readonly seen?: (canary: Canary) => void;
}

/** What became of a request. Throws CLI_CONTROL_REFUSED or CLI_CONTROL_UNANSWERED. */
export async function awaitAnswer(watching: Watching, id: string): Promise<ControlRecord> {
  const { cluster, clock, key, timeoutMs } = watching;
  const path = titleOf(watching);
  const unanswered = () =>
    new PerchError({
      code: 'CLI_CONTROL_UNANSWERED',
      message: `the controller has not answered within ${timeoutMs / 1000} s; the request stands`,
      remedy: 'see that the controller runs and watches this namespace',
      path,
    });
  const answer = await waitUntil(
    patienceOf(clock, timeoutMs),
    path,
    async (): Promise<Look<ControlRecord>> => {
      const { status } = await findCanary(cluster, key);
      const found = status?.control?.find((entry) => entry.id === id);
      return found ? { done: found } : { state: 'no answer' };
    },
    unanswered,
  );
  if (answer.outcome === 'Accepted') return answer;
  throw new PerchError({
    code: 'CLI_CONTROL_REFUSED',
    message: `refused: ${answer.message}`,
    remedy: `perch status ${key.name} shows where the release is`,
    path,
  });
}

/** How the release ends that is under way. Throws DEPLOY_TIMEOUT when that takes too long. */
export async function awaitOutcome(watching: Watching): Promise<Outcome> {
  const { cluster, clock, key, timeoutMs, seen } = watching;
  const since = clock.now();
  return waitUntil(patienceOf(clock, timeoutMs), titleOf(watching), async (): Promise<Look<Outcome>> => {
    const canary = await findCanary(cluster, key);
    seen?.(canary);
    const verdict = judge(canary);
    return verdict === 'pending'
      ? { state: stateOf(canary) }
      : { done: await outcomeOf(verdict, canary, canary.status?.observedRevision, { cluster, since }) };
  });
}

/**
 * Shows the Canary now and whenever what is shown of it changes, until its release is over. Throws DEPLOY_ROLLED_BACK
 * when it has failed.
 */
export async function follow(
  watching: Watching,
  view: (canary: Canary) => string,
  show: (text: string) => void,
): Promise<void> {
  let last = '';
  const seen = (canary: Canary): void => {
    const text = view(canary);
    if (text !== last) show(text);
    last = text;
  };
  const outcome = await awaitOutcome({ ...watching, seen });
  if (outcome.verdict === 'failed') throw rolledBack(outcome);
}

function titleOf({ key }: Watching): string {
  return `Canary ${key.namespace}/${key.name}`;
}
