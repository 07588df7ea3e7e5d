import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import { sleep } from '../../lib/ports/clock.js';
import {
  ApiError,
  type Cluster,
  type ListOptions,
  type ObjectKey,
  type ObjectList,
  type PatchType,
  type WatchEvent,
} from '../../lib/ports/cluster.js';
import type { Life } from './life.js';
import type { Incident } from './schedule.js';

/** Milliseconds that a client waits for an answer that does not come. */
const patienceMs = 10_000;
const slowMs = 3_000;

const refusals = {
  conflict: [409, 'Conflict'],
  busy: [429, 'TooManyRequests'],
  broken: [500, 'InternalError'],
} as const;

type WatchOptions = ListOptions & { readonly resourceVersion: string; readonly signal: AbortSignal };

/** A connection to the API server that fails as the plan of its controller's life says. */
export class FaultyCluster implements Cluster {
  constructor(
    private readonly inner: Cluster,
    private readonly life: Life,
  ) {}

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.ask(() => this.inner.get(kind, key));
  }

  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    return this.ask(() => this.inner.list(kind, options));
  }

  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    return this.ask(() => this.inner.create(kind, object), true);
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    return this.ask(() => this.inner.update(kind, object), true);
  }

  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    return this.ask(() => this.inner.updateStatus(kind, object), true);
  }

  patch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, type: PatchType, patch: unknown): Promise<T> {
    return this.ask(() => this.inner.patch(kind, key, type, patch), true);
  }

  apply<T extends KubeObject>(
    kind: Kind<T>,
    object: T,
    options: { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean },
  ): Promise<T> {
    return this.ask(() => this.inner.apply(kind, object, options), true);
  }

  delete(kind: Kind, key: ObjectKey): Promise<void> {
    return this.ask(() => this.inner.delete(kind, key), true);
  }

  watch<T extends KubeObject>(
    kind: Kind<T>,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<void> {
    const { life } = this;
    const end = new AbortController();
    const close = () => end.abort();
    options.signal.addEventListener('abort', close);
    end.signal.addEventListener('abort', () => options.signal.removeEventListener('abort', close));
    life.atEnd(close);
    let heldUntil = 0;
    const hand = (event: WatchEvent<T>, delayMs: number) => {
      const deliver = () => life.alive && !end.signal.aborted && onEvent(event);
      if (delayMs > 0) life.clock.timer(delayMs, deliver);
      else deliver();
    };
    const take = (event: WatchEvent<T>) => {
      if (end.signal.aborted) return;
      const fault = event.type === 'BOOKMARK' ? undefined : life.seat.next('event');
      // a controller's wrong clock makes nothing later
      const now = life.clock.now() - life.clockErrorMs;
      if (fault?.what === 'cut') return close();
      if (fault?.what === 'late') heldUntil = Math.max(heldUntil, now + fault.ms);
      const held = heldUntil - now;
      hand(event, fault?.what === 'overtaken' ? held + fault.ms : held);
      if (fault?.what === 'twice') hand(event, held + fault.ms);
    };
    return this.ask(() => this.inner.watch(kind, { ...options, signal: end.signal }, take));
  }

  private ask<T>(perform: () => Promise<T>, writes = false): Promise<T> {
    if (!this.life.alive) return this.life.silence();
    const fault = this.life.seat.next('request', writes ? 'write' : 'read');
    if (!fault) return this.life.whileAlive(perform());
    return this.life.whileAlive(this.fail(fault.what, perform, writes));
  }

  private async fail<T>(
    what: Extract<Incident, { on: 'request' }>['what'],
    perform: () => Promise<T>,
    writes: boolean,
  ): Promise<T> {
    const { clock } = this.life;
    switch (what) {
      case 'dieBefore':
        this.life.die();
        return this.life.silence();
      case 'dieAfter': {
        const answer = perform();
        this.life.die();
        return answer;
      }
      case 'slow':
        await sleep(clock, slowMs);
        return perform();
      case 'noAnswer':
        await sleep(clock, patienceMs);
        throw new ApiError(0, 'Timeout', 'no answer came');
      case 'lostAnswer':
        await perform();
        await sleep(clock, patienceMs);
        throw new ApiError(0, 'Timeout', 'no answer came');
      default: {
        // nothing but a write conflicts
        const [status, reason] = refusals[what === 'conflict' && !writes ? 'broken' : what];
        throw new ApiError(status, reason, 'a fault that was planned');
      }
    }
  }
}
