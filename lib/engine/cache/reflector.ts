import type { Kind, KubeObject } from '../../api/kinds.js';
import { type Clock, sleep } from '../../ports/clock.js';
import { ApiError, type Cluster, type ListOptions, type WatchEvent } from '../../ports/cluster.js';
import type { Log } from '../../ports/log.js';
import type { Random } from '../../ports/random.js';
import { createBackoff } from '../backoff.js';
import { isMetadataOnly } from './metadataOnly.js';
import type { Store } from './store.js';

export interface ReflectorPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Reflector {
  /** Resolves when the store first holds a whole list, or never will as it was stopped; rejects with the ApiError of a kind that the server lacks (404) or keeps to itself (403). */
  readonly synced: Promise<void>;
  stop(): Promise<void>;
}

/** A watch that the server ends sooner than this counts as a failure, lest a broken proxy makes us loop. */
const SHORTEST_WATCH_MS = 1_000;

/**
 * Keeps a store equal to what the API server holds: list, then watch, resuming where it is certain that nothing was
 * missed (the list or the last bookmark: what comes twice is no news to the store), and listing anew when the server
 * has forgotten that version.
 */
export function startReflector<T extends KubeObject>(
  ports: ReflectorPorts,
  kind: Kind<T>,
  asked: ListOptions,
  store: Store<T>,
): Reflector {
  const { cluster, clock, log } = ports;
  const abort = new AbortController();
  const backoff = createBackoff(500, 30_000, ports.random);
  const metadataOnly = isMetadataOnly(kind);
  const scope = { ...asked, ...(metadataOnly ? { metadataOnly } : {}) };
  let listed: (outcome?: ApiError) => void = () => undefined;
  const synced = new Promise<void>((resolve, reject) => {
    listed = (refusal) => (refusal ? reject(refusal) : resolve());
  });
  // nobody may be waiting for it
  synced.catch(() => undefined);
  let version: string | undefined;

  const take = (event: WatchEvent<T>): void => {
    if (abort.signal.aborted) return;
    backoff.reset();
    if (event.type === 'BOOKMARK') version = event.resourceVersion;
    else if (event.type === 'DELETED') store.remove(event.object);
    else store.offer(event.object);
  };
  const list = async (): Promise<string> => {
    const all = await cluster.list(kind, scope);
    store.replace(all.items, all.resourceVersion);
    listed();
    return all.resourceVersion;
  };
  /** One connection; returns how long to wait before the next. */
  const follow = async (): Promise<number> => {
    version ??= await list();
    const began = clock.now();
    await cluster.watch(kind, { ...scope, resourceVersion: version, signal: abort.signal }, take);
    if (clock.now() - began < SHORTEST_WATCH_MS) return backoff.next();
    backoff.reset();
    return 0;
  };
  const recover = (error: unknown): number => {
    const refusal = error instanceof ApiError ? error : undefined;
    if (refusal?.status === 410) version = undefined;
    if (refusal?.status === 404 || refusal?.status === 403) listed(refusal);
    const wait = Math.max(backoff.next(), refusal?.retryAfterMs ?? 0);
    log.log(
      refusal?.status === 410 ? 'debug' : 'warn',
      `watch of ${kind.plural} interrupted: ${String(error)}`,
      {
        kind: kind.kind,
        retryInMs: wait,
      },
    );
    return wait;
  };
  const run = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      const wait = await follow().catch((error: unknown) => (abort.signal.aborted ? 0 : recover(error)));
      if (wait > 0) await sleep(clock, wait, abort.signal);
    }
  };

  const running = run();
  return {
    synced,
    async stop() {
      abort.abort();
      await running;
      listed();
    },
  };
}
