import { formatDuration } from '../api/duration.js';
import { PerchError } from '../api/errors.js';
import { type Clock, sleep } from '../ports/clock.js';
import { ApiError } from '../ports/cluster.js';

/** How often is looked, milliseconds. */
const POLL_MS = 1000;

export interface Patience {
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly timeoutMs: number;
}

export function patienceOf(clock: Clock, timeoutMs: number): Patience {
  return { clock, timeoutMs, deadline: clock.now() + timeoutMs };
}

/** What is waited for, and how far it is. */
export type Look<T> = { readonly done: T } | { readonly state: string };

/**
 * Looks until it is done. An API server that is away is asked again; whoever is still waiting at the deadline throws
 * `late`, or else DEPLOY_TIMEOUT with the last state.
 */
export async function waitUntil<T>(
  { clock, deadline, timeoutMs }: Patience,
  subject: string,
  look: () => Promise<Look<T>>,
  late?: () => PerchError,
): Promise<T> {
  for (;;) {
    const seen = await look().catch((error: unknown) => awayOr(error));
    if ('done' in seen) return seen.done;
    if (clock.now() >= deadline) {
      throw late?.() ?? overdue(subject, timeoutMs, seen.state);
    }
    await sleep(clock, Math.min(POLL_MS, deadline - clock.now()));
  }
}

function overdue(path: string, timeoutMs: number, state: string): PerchError {
  return new PerchError({
    code: 'DEPLOY_TIMEOUT',
    message: `waited ${formatDuration(timeoutMs)}, and still: ${state}`,
    remedy: 'what was begun goes on; look at its events, allow more with --timeout, or do not wait',
    path,
  });
}

function awayOr(error: unknown): { state: string } {
  if (!(error instanceof ApiError && error.isAway)) throw error;
  return { state: `the API server does not answer: ${error.message}` };
}
