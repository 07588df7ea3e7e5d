import { type Clock, sleep } from '../ports/clock.js';
import { createBackoff } from './backoff.js';

/** One message on its way out. */
interface Parcel {
  /** Sends it; a rejection is a failed attempt. */
  readonly send: () => Promise<void>;
  /** May another attempt succeed, and no sooner than when? */
  readonly retry: (error: unknown) => false | { readonly afterMs: number };
  /** Told of a parcel that was given up. */
  readonly lost: (error: unknown) => void;
}

/**
 * What is said to the world about a canary, sent in order but behind the step that it reports, so that neither a
 * slow receiver nor a refusal holds a rollout up.
 */
export interface Outbox {
  post(key: string, parcel: Parcel): void;
  /** Does nothing wait under the keys that begin so? */
  isIdle(prefix: string): boolean;
  /** Resolves when nothing waits any more under the keys that begin so, or after `limitMs` milliseconds. */
  settle(prefix: string, limitMs: number): Promise<void>;
  /** Drops what still waits, after giving what is under way `graceMs` milliseconds. */
  stop(graceMs: number): Promise<void>;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly attempts: number;
  readonly firstRetryMs: number;
  /** Parcels that may wait for one canary; what comes then is lost, the oldest first. */
  readonly limit: number;
}

const LONGEST_RETRY_MS = 30_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { clock } = options;
  const abort = new AbortController();
  const lanes = new Map<string, Parcel[]>();
  const running = new Map<string, Promise<void>>();

  const deliver = async (parcel: Parcel): Promise<void> => {
    const backoff = createBackoff(options.firstRetryMs, LONGEST_RETRY_MS);
    for (let attempt = 1; ; attempt++) {
      try {
        return await parcel.send();
      } catch (error) {
        const retry = attempt < options.attempts && !abort.signal.aborted && parcel.retry(error);
        if (!retry) return parcel.lost(error);
        await sleep(clock, Math.max(backoff.next(), retry.afterMs), abort.signal);
        if (abort.signal.aborted) return parcel.lost(error);
      }
    }
  };
  const drain = async (key: string, lane: Parcel[]): Promise<void> => {
    for (let parcel = lane[0]; parcel; parcel = lane[0]) {
      await deliver(parcel);
      lane.splice(lane.indexOf(parcel), 1);
    }
    lanes.delete(key);
  };

  const runsUnder = (prefix: string) =>
    [...running].filter(([key]) => key.startsWith(prefix)).map(([, run]) => run);

  return {
    post(key, parcel) {
      const lane = lanes.get(key);
      if (!lane) {
        const fresh = [parcel];
        lanes.set(key, fresh);
        running.set(
          key,
          drain(key, fresh).finally(() => running.delete(key)),
        );
        return;
      }
      lane.push(parcel);
      // the first is under way
      if (lane.length > options.limit) lane.splice(1, 1)[0]?.lost(new Error('too many messages are waiting'));
    },
    isIdle: (prefix) => runsUnder(prefix).length === 0,
    async settle(prefix, limitMs) {
      const runs = runsUnder(prefix);
      if (runs.length === 0) return;
      const patience = new AbortController();
      await Promise.race([Promise.all(runs), sleep(clock, limitMs, patience.signal)]);
      patience.abort();
    },
    async stop(graceMs) {
      await Promise.race([Promise.all(running.values()), sleep(clock, graceMs, abort.signal)]);
      abort.abort();
      for (const lane of lanes.values()) lane.length = Math.min(lane.length, 1);
    },
  };
}
