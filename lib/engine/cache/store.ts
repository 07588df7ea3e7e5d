import type { KubeObject } from '../../api/kinds.js';
import type { ObjectKey } from '../../ports/cluster.js';
import { keyOf, keyText } from './key.js';
import { createOwned } from './owned.js';
import { compareVersions } from './version.js';

/** What an object was and what it is; one of the two is undefined when it came or went. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly key: ObjectKey;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Objects of one kind, each in the newest version that anybody told of. */
export interface Store<T extends KubeObject = KubeObject> {
  get(key: ObjectKey): T | undefined;
  values(): IterableIterator<T>;
  /** What was made for a Canary. */
  owned(canary: ObjectKey): readonly T[];
  readonly size: number;
  /** Takes an object from a watch or a list, if it is news. */
  offer(object: T): void;
  /** Takes the answer to a write of our own, so that the next read sees it; tells no listener. */
  upsert(object: T): void;
  /** Takes a deletion from a watch; `object` is the last state, in the version of the deletion. */
  remove(object: T): void;
  /** Forgets an object that we deleted ourselves; tells no listener. */
  forget(key: ObjectKey): void;
  /** Takes a whole list as it stood at `version`. */
  replace(objects: readonly T[], version: string): void;
}

/** Deletions remembered, so that a late event cannot bring an object back. */
const TOMBSTONES = 4096;

/** `trim` makes of an object what is kept of it. */
export function createStore<T extends KubeObject>(
  listen: (change: Change<T>) => void,
  trim: (object: T) => T = withoutManagedFields,
): Store<T> {
  const held = new Map<string, T>();
  const deleted = new Map<string, string>();
  const owned = createOwned(() => held.values());

  const isNews = (id: string, version: string): boolean => {
    const known = held.get(id)?.metadata.resourceVersion ?? deleted.get(id);
    return known === undefined || compareVersions(version, known) > 0;
  };
  const bury = (id: string, version: string): void => {
    owned.note(held.get(id), undefined);
    held.delete(id);
    deleted.delete(id);
    deleted.set(id, version);
    for (const oldest of deleted.keys()) {
      if (deleted.size <= TOMBSTONES) break;
      deleted.delete(oldest);
    }
  };
  const put = (object: T): Change<T> | undefined => {
    const key = keyOf(object);
    const id = keyText(key);
    if (!isNews(id, object.metadata.resourceVersion ?? '0')) return undefined;
    const before = held.get(id);
    const after = trim(object);
    held.set(id, after);
    owned.note(before, after);
    deleted.delete(id);
    return { key, before, after };
  };
  const drop = (key: ObjectKey, version: string): Change<T> | undefined => {
    const id = keyText(key);
    if (!isNews(id, version) && held.get(id)?.metadata.resourceVersion !== version) return undefined;
    const before = held.get(id);
    bury(id, version);
    return before && { key, before, after: undefined };
  };
  const tell = (change: Change<T> | undefined): void => {
    if (change) listen(change);
  };

  return {
    get: (key) => held.get(keyText(key)),
    values: () => held.values(),
    owned: owned.of,
    get size() {
      return held.size;
    },
    offer: (object) => tell(put(object)),
    upsert: (object) => {
      put(object);
    },
    remove: (object) => tell(drop(keyOf(object), object.metadata.resourceVersion ?? '0')),
    forget: (key) => {
      const version = held.get(keyText(key))?.metadata.resourceVersion;
      if (version !== undefined) bury(keyText(key), version);
    },
    replace: (objects, version) => {
      const listed = new Set(objects.map((object) => keyText(keyOf(object))));
      const gone = [...held.values()].filter((object) => !listed.has(keyText(keyOf(object))));
      // what is newer than the list was written after it was taken
      for (const object of gone) {
        if (compareVersions(object.metadata.resourceVersion ?? '0', version) <= 0)
          tell(drop(keyOf(object), version));
      }
      for (const object of objects) tell(put(object));
    },
  };
}

/** Without `managedFields`, which nothing reads and which is half of an object's memory. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (!object.metadata.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
