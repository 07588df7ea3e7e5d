import type { KubeObject } from '../../api/kinds.js';
import type { ObjectKey } from '../../ports/cluster.js';
import type { Ownership } from './ownership.js';
import { expired } from './refusals.js';
import type { ServedKind } from './servedKinds.js';

/** An object as it is kept; never changed in place, each write replaces it. */
export interface Stored {
  readonly kind: ServedKind;
  readonly object: KubeObject;
  readonly ownership: Ownership;
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly stored: Stored;
  readonly before: Stored | undefined;
}

function bucketName(kind: ServedKind): string {
  return `${kind.group}/${kind.plural}`;
}

function itemName({ namespace, name }: ObjectKey): string {
  return `${namespace}/${name}`;
}

/** What etcd is to an API server: objects under one counter of versions, and a bounded history of changes. */
export class ObjectStore {
  private readonly buckets = new Map<string, Map<string, Stored>>();
  private readonly listeners: ((change: Change) => void)[] = [];
  private history: Change[] = [];
  private current = 1;
  private forgotten = 0;

  /** `historyLimit`: changes that a watch may still ask for. */
  constructor(private readonly historyLimit: number) {}

  version(): number {
    return this.current;
  }

  find(kind: ServedKind, key: ObjectKey): Stored | undefined {
    return this.buckets.get(bucketName(kind))?.get(itemName(key));
  }

  /** All objects of the kind, or those of one namespace; by namespace and name. */
  list(kind: ServedKind, namespace?: string): Stored[] {
    const all = [...(this.buckets.get(bucketName(kind)) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return all
      .map(([, stored]) => stored)
      .filter(({ object }) => !namespace || object.metadata.namespace === namespace);
  }

  *everything(): Generator<Stored> {
    for (const bucket of this.buckets.values()) yield* [...bucket.values()];
  }

  /** Writes a new state of an object, under the next version. */
  put(kind: ServedKind, object: KubeObject, ownership: Ownership): Stored {
    const version = ++this.current;
    const stored = {
      kind,
      object: { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } },
      ownership,
    };
    const bucket = this.buckets.get(bucketName(kind)) ?? new Map<string, Stored>();
    this.buckets.set(bucketName(kind), bucket);
    const name = itemName(keyOf(object));
    const before = bucket.get(name);
    bucket.set(name, stored);
    this.publish({ type: before ? 'MODIFIED' : 'ADDED', version, stored, before });
    return stored;
  }

  delete(before: Stored): void {
    const version = ++this.current;
    const { kind, object } = before;
    this.buckets.get(bucketName(kind))?.delete(itemName(keyOf(object)));
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    this.publish({ type: 'DELETED', version, stored: { ...before, object: last }, before });
  }

  /** Changes of the kind after `version`. Throws 410 when they are no longer known. */
  since(kind: ServedKind, version: number): Change[] {
    if (version < this.forgotten) throw expired(String(version), this.forgotten);
    return this.history.filter(
      (change) => change.version > version && bucketName(change.stored.kind) === bucketName(kind),
    );
  }

  /** Takes the place of all there is: objects as another store held them, under the versions that they had there. */
  restore(objects: readonly Stored[], version: number): void {
    this.buckets.clear();
    this.current = version;
    this.compact();
    for (const stored of objects) {
      const name = bucketName(stored.kind);
      const bucket = this.buckets.get(name) ?? new Map<string, Stored>();
      this.buckets.set(name, bucket.set(itemName(keyOf(stored.object)), stored));
    }
    for (const stored of objects) this.tell({ type: 'ADDED', version, stored, before: undefined });
  }

  /** Forgets the history, as a compaction of etcd does: a watch from before now is refused with 410. */
  compact(): void {
    this.forgotten = this.current;
    this.history = [];
  }

  /** Calls `listener` with every change, at once and in order. */
  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  private publish(change: Change): void {
    this.history.push(change);
    if (this.history.length > 2 * this.historyLimit) {
      const dropped = this.history.splice(0, this.history.length - this.historyLimit);
      this.forgotten = dropped.at(-1)!.version;
    }
    this.tell(change);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

export function keyOf(object: KubeObject): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
}
