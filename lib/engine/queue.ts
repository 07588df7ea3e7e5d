import { PerchError } from '../api/errors.js';
import type { Clock, Timer } from '../ports/clock.js';
import { type Allowance, createAllowance } from './allowance.js';
import { type Backoff, createBackoff } from './backoff.js';

/** What a pass asks of the queue: nothing, another pass at once, or one no later than so many milliseconds. */
export type Requeue = 'wait' | 'again' | { readonly afterMs: number };

/**
 * Waits for somebody outside without keeping a worker meanwhile: whoever does not answer holds up one key alone. Goes on
 * when a worker is free again, before a key that has not been begun.
 */
export type Aside = <T>(wait: () => Promise<T>) => Promise<T>;

export interface QueueOptions {
  readonly clock: Clock;
  /** Keys handled at the same time; those that wait aside do not count. */
  readonly concurrency: number;
  /** One pass; a rejection makes the key back off. */
  readonly handle: (key: string, aside: Aside) => Promise<Requeue>;
  /** Told of each failed pass and of the wait that follows. */
  readonly failed: (key: string, error: unknown, retryInMs: number) => void;
}

/** Keys waiting to be handled; a key is handled by one worker at a time and is in the queue at most once. */
export interface Queue {
  /**
   * Handles the key as soon as a worker is free, and once more if it is being handled now; a little later when it has
   * been handled very often, as when two who write the same object undo each other's work.
   */
  add(key: string): void;
  /** Drops what is remembered of a key that is gone. */
  forget(key: string): void;
  start(): void;
  /** Starts no more passes; resolves when none is under way. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;

/** Passes that may follow one another at once, before we take it that they never end. */
const MOST_REPEATS = 200;

/** Passes over a key at rest: what a release takes at once, and from then on five a second. */
const AT_ONCE = 50;
const EVERY_MS = 200;

interface Entry {
  repeats: number;
  state: 'idle' | 'queued' | 'running' | 'dirty';
  timer: Timer | undefined;
  readonly backoff: Backoff;
  readonly allowance: Allowance;
}

export function createQueue(options: QueueOptions): Queue {
  const entries = new Map<string, Entry>();
  const ready: string[] = [];
  const running = new Set<Promise<void>>();
  const hasRoom = () => running.size - lobby.size() < options.concurrency;
  const lobby = createLobby(() => pump());
  let open = false;

  const entryOf = (key: string): Entry => entries.get(key) ?? addEntry(entries, key);
  const line = (key: string, entry: Entry): void => {
    entry.state = 'queued';
    ready.push(key);
    pump();
  };
  const add = (key: string): void => {
    const entry = entryOf(key);
    if (entry.state === 'running') entry.state = 'dirty';
    if (entry.state !== 'idle') return;
    entry.timer?.cancel();
    const heldMs = entry.allowance.take(options.clock.now());
    if (heldMs > 0) addAfter(key, entry, heldMs);
    else line(key, entry);
  };
  const addAfter = (key: string, entry: Entry, delayMs: number): void => {
    entry.timer = options.clock.timer(delayMs, () => add(key));
  };
  const settle = (key: string, entry: Entry, next: Requeue): void => {
    const again = next === 'again' || entry.state === 'dirty';
    entry.state = 'idle';
    if (!open) return;
    if (again) line(key, entry);
    else if (next !== 'wait') addAfter(key, entry, next.afterMs);
  };
  const work = async (key: string, entry: Entry): Promise<void> => {
    try {
      const next = await options.handle(key, lobby.aside);
      succeed(entry, next === 'again' || entry.state === 'dirty');
      settle(key, entry, next);
    } catch (error) {
      const retryInMs = entry.backoff.next();
      options.failed(key, error, retryInMs);
      // what came in during a failed pass was perhaps made by it: it waits too
      entry.state = 'idle';
      if (open && entries.get(key) === entry) addAfter(key, entry, retryInMs);
    }
  };
  const pump = (): void => {
    while ((!open || hasRoom()) && lobby.letIn());
    while (open && hasRoom() && ready.length > 0) {
      const key = ready.shift()!;
      const entry = entryOf(key);
      entry.state = 'running';
      const pass = work(key, entry).finally(() => {
        running.delete(pass);
        pump();
      });
      running.add(pass);
    }
  };

  return {
    add,
    forget(key) {
      const entry = entries.get(key);
      entry?.timer?.cancel();
      if (entry?.state === 'idle') entries.delete(key);
    },
    start() {
      open = true;
      pump();
    },
    async stop() {
      open = false;
      for (const entry of entries.values()) entry.timer?.cancel();
      pump();
      await Promise.all(running);
    },
  };
}

/** Where passes wait aside, and then for a worker. */
interface Lobby {
  readonly aside: Aside;
  size(): number;
  /** Lets the one go on that has waited longest since it was answered; false when there is none. */
  letIn(): boolean;
}

/** `changed` is called when another one waits, for an answer or for a worker. */
function createLobby(changed: () => void): Lobby {
  let size = 0;
  const answered: (() => void)[] = [];
  return {
    size: () => size,
    letIn() {
      const goOn = answered.shift();
      if (!goOn) return false;
      size -= 1;
      goOn();
      return true;
    },
    async aside(wait) {
      size += 1;
      changed();
      try {
        return await wait();
      } finally {
        await new Promise<void>((resolve) => {
          answered.push(resolve);
          changed();
        });
      }
    },
  };
}

function addEntry(entries: Map<string, Entry>, key: string): Entry {
  const backoff = createBackoff(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  const allowance = createAllowance(AT_ONCE, EVERY_MS);
  const entry: Entry = { state: 'idle', repeats: 0, timer: undefined, backoff, allowance };
  entries.set(key, entry);
  return entry;
}

function succeed(entry: Entry, again: boolean): void {
  entry.repeats = again ? entry.repeats + 1 : 0;
  if (entry.repeats > MOST_REPEATS) throw neverEnding();
  entry.backoff.reset();
}

function neverEnding(): PerchError {
  return new PerchError({
    code: 'ENGINE_NO_REST',
    message: `expected a canary to come to rest, got ${MOST_REPEATS} passes in a row that each called for another at once`,
    remedy:
      'something else keeps undoing what perch writes: find it by the managedFields of the objects concerned',
  });
}
