import type { Canary, CanaryCondition, ControlRecord } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { findCanary } from '../deploy/canaryLookup.js';
import { type Clock, sleep } from '../ports/clock.js';
import { ApiError, type Cluster, type ObjectKey } from '../ports/cluster.js';

/** Where and how long to look. */
export interface Watching {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly key: ObjectKey;
  readonly timeoutMs: number;
  /** Told of the Canary each time it was read. */
  readonly seen?: (canary: Canary) => void;
}

const pollMs = 1_000;

/** What became of a request. Throws CLI_CONTROL_REFUSED or CLI_CONTROL_UNANSWERED. */
export async function awaitAnswer(watching: Watching, id: string): Promise<ControlRecord> {
  const answer = await poll(watching, ({ status }) => status?.control?.find((entry) => entry.id === id));
  const { path } = placeOf(watching);
  if (!answer) {
    throw new PerchError({
      code: 'CLI_CONTROL_UNANSWERED',
      message: `the controller has not answered within ${watching.timeoutMs / 1000} s; the request stands`,
      remedy: 'see that the controller runs and watches this namespace',
      path,
    });
  }
  if (answer.outcome === 'Accepted') return answer;
  throw new PerchError({
    code: 'CLI_CONTROL_REFUSED',
    message: `refused: ${answer.message}`,
    remedy: `perch status ${watching.key.name} shows where the release is`,
    path,
  });
}

export type Outcome = 'released' | 'failed';

/** How the release ends that is under way. Throws CLI_RELEASE_UNDER_WAY when that takes too long. */
export async function awaitOutcome(watching: Watching): Promise<{ outcome: Outcome; message: string }> {
  const end = await poll(watching, outcomeOf);
  if (end) return end;
  throw new PerchError({
    code: 'CLI_RELEASE_UNDER_WAY',
    message: `the release is not over after ${watching.timeoutMs / 1000} s; it goes on`,
    remedy: 'wait longer with --timeout',
    path: placeOf(watching).path,
  });
}

/** Throws CLI_RELEASE_FAILED for an outcome that is none to be glad of. */
export function assertReleased(
  { key }: Pick<Watching, 'key'>,
  end: { outcome: Outcome; message: string },
): void {
  if (end.outcome === 'released') return;
  throw new PerchError({
    code: 'CLI_RELEASE_FAILED',
    message: end.message,
    remedy: `perch status ${key.name} shows its steps`,
    path: `canary/${key.name}`,
  });
}

/** Shows the Canary now and whenever what is shown of it changes, until its release is over. */
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
  assertReleased(watching, await awaitOutcome({ ...watching, seen }));
}

/** Undefined as long as the controller has something to do; by the rules of kstatus. */
function outcomeOf({ metadata, status }: Canary): { outcome: Outcome; message: string } | undefined {
  const { generation } = metadata;
  if (generation !== undefined && status?.observedGeneration !== generation) return undefined;
  const holds = (type: string): CanaryCondition | undefined =>
    status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
  if (holds('Reconciling')) return undefined;
  const stalled = holds('Stalled');
  if (stalled) return { outcome: 'failed', message: stalled.message ?? 'the release has failed' };
  const ready = holds('Ready');
  return ready && { outcome: 'released', message: ready.message ?? 'released' };
}

/** Reads the Canary once a second until `find` finds something, or time is over. */
async function poll<T>(watching: Watching, find: (canary: Canary) => T | undefined): Promise<T | undefined> {
  const { cluster, clock, key, timeoutMs, seen } = watching;
  const until = clock.now() + timeoutMs;
  for (;;) {
    const canary = await findCanary(cluster, key).catch(unlessTransient);
    if (canary) seen?.(canary);
    const found = canary && find(canary);
    if (found !== undefined || clock.now() >= until) return found;
    await sleep(clock, Math.min(pollMs, until - clock.now()));
  }
}

/** An API server that restarts is no reason to stop waiting. */
function unlessTransient(error: unknown): undefined {
  if (!(error instanceof ApiError && error.isAway)) throw error;
}

function placeOf({ key }: Watching): { path: string } {
  return { path: `canary/${key.name}` };
}
