import type { KubeObject } from '../../api/kinds.js';
import type { Clock } from '../../ports/clock.js';
import type { ListOptions, WatchEvent } from '../../ports/cluster.js';
import type { Change, ObjectStore } from './objectStore.js';
import type { Presentation } from './presentation.js';
import type { ServedKind } from './servedKinds.js';

export interface WatchRequest {
  readonly kind: ServedKind;
  readonly options: ListOptions & { readonly resourceVersion: string; readonly signal: AbortSignal };
  readonly present: Presentation;
  readonly onEvent: (event: WatchEvent<KubeObject>) => void;
}

/** Is an object one of those that a list or a watch asks for? */
export function isAsked({ metadata }: KubeObject, { namespace, name }: ListOptions): boolean {
  return (!namespace || metadata.namespace === namespace) && (name === undefined || metadata.name === name);
}

interface OpenWatch {
  readonly request: WatchRequest;
  /** Version up to which the watcher knows everything. */
  seen: number;
  readonly close: () => void;
}

/** The open watches of an API server. Events arrive in order and after the write that caused them has been answered. */
export class Watches {
  private readonly open = new Set<OpenWatch>();
  private readonly due: { readonly watch: OpenWatch; readonly send: () => void }[] = [];
  private bookmarkDue = false;

  constructor(
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly bookmarkIntervalMs: number,
  ) {
    store.onChange((change) => {
      for (const watch of this.open) this.deliver(watch, change);
      this.scheduleBookmark();
    });
  }

  /** Resolves when the watcher aborts or the connection is cut. Throws 410. */
  watch(request: WatchRequest): Promise<void> {
    const { kind, options } = request;
    const version = Number(options.resourceVersion || 0);
    const missed = version === 0 ? [] : this.store.since(kind, version);
    if (options.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const watch: OpenWatch = {
        request,
        seen: this.store.version(),
        close: () => {
          this.open.delete(watch);
          options.signal.removeEventListener('abort', watch.close);
          resolve();
        },
      };
      options.signal.addEventListener('abort', watch.close);
      this.open.add(watch);
      if (version === 0)
        for (const stored of this.store.list(kind, options.namespace))
          this.deliver(watch, { type: 'ADDED', version: 0, stored, before: undefined });
      for (const change of missed) this.deliver(watch, change);
    });
  }

  /** Cuts every connection, as a restart of the API server does. */
  disconnect(): void {
    for (const watch of [...this.open]) watch.close();
  }

  private deliver(watch: OpenWatch, change: Change): void {
    const { kind, options, present, onEvent } = watch.request;
    const { kind: changed, object } = change.stored;
    if (changed.group !== kind.group || changed.plural !== kind.plural) return;
    if (!isAsked(object, options)) return;
    watch.seen = Math.max(watch.seen, change.version);
    const send = () => onEvent({ type: change.type, object: present(change.stored, options.metadataOnly) });
    // what is about to be answered is taken up in the next microtask, hence this in the one after it
    if (this.due.push({ watch, send }) === 1) queueMicrotask(() => queueMicrotask(() => this.sendDue()));
  }

  private sendDue(): void {
    for (const { watch, send } of this.due.splice(0)) if (this.open.has(watch)) send();
  }

  /** One timer for all watches, and only while there is news: an idle cluster does no periodic work. */
  private scheduleBookmark(): void {
    if (this.bookmarkDue || this.open.size === 0) return;
    this.bookmarkDue = true;
    this.clock.timer(this.bookmarkIntervalMs, () => {
      this.bookmarkDue = false;
      const version = this.store.version();
      for (const watch of this.open) {
        if (watch.seen === version) continue;
        watch.seen = version;
        watch.request.onEvent({ type: 'BOOKMARK', resourceVersion: String(version) });
      }
    });
  }
}
