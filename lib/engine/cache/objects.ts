import type { Kind, KubeObject } from '../../api/kinds.js';
import { ApiError, type Cluster, type ObjectKey, unlessMissing } from '../../ports/cluster.js';
import { mergePatched } from '../../ports/mergePatch.js';
import type { Objects } from '../../ports/objects.js';
import { sameJson } from '../sameJson.js';
import type { Caches } from './caches.js';
import { keyOf } from './key.js';

export interface CachedObjects extends Objects {
  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
}

/**
 * Reads from the caches; writes to the server, whose answers the caches take at once. What we wrote ourselves, under
 * the version that was decided on, wakes nobody; a patch or a live read may show what others did, and then it does.
 */
export function createObjects(cluster: Cluster, caches: Caches): CachedObjects {
  const keep =
    <T extends KubeObject>(kind: Kind<T>) =>
    (answer: T): T => {
      caches.store(kind, keyOf(answer))?.upsert(answer);
      return answer;
    };
  const hear =
    <T extends KubeObject>(kind: Kind<T>) =>
    (answer: T): T => {
      caches.store(kind, keyOf(answer))?.offer(answer);
      return answer;
    };
  return {
    read: (kind, key) => caches.read(kind, key),
    owned: (kind, { metadata: { namespace = '', name = '' } }) => caches.owned(kind, { namespace, name }),
    fetch: (kind, key) => unlessMissing(cluster.get(kind, key).then(hear(kind))),
    create: (kind, object) => cluster.create(kind, object).then(keep(kind)),
    update: (kind, object) => cluster.update(kind, object).then(keep(kind)),
    updateStatus: (kind, object) => cluster.updateStatus(kind, object).then(keep(kind)),
    patch(kind, key, type, patch) {
      const known = caches.read(kind, key);
      return cluster.patch(kind, key, type, patch).then((answer) => {
        const ours = type === 'merge' && known && isAlone(known, patch, answer);
        return (ours ? keep : hear)(kind)(answer);
      });
    },
    apply: (kind, object) =>
      cluster.apply(kind, object, { fieldManager: 'perch', force: true }).then(hear(kind)),
    async remove(kind, key) {
      await cluster.delete(kind, key);
      caches.store(kind, key)?.forget(key);
    },
  };
}

/** Is the patch all that has happened to the object that we knew? */
function isAlone(known: KubeObject, patch: unknown, answer: KubeObject): boolean {
  return sameJson(unversioned(mergePatched(known, patch) as KubeObject), unversioned(answer));
}

/** All but what the API server alone writes. */
function unversioned({ metadata, ...rest }: KubeObject): unknown {
  const { resourceVersion: _, generation: __, managedFields: ___, ...said } = metadata;
  return { ...rest, said };
}

const ATTEMPTS = 5;

/**
 * Changes an object under its resourceVersion: `change` gets what is there and returns what should be, or undefined
 * when nothing need be written. After a conflict it is asked again about the live object. True when written.
 */
export async function modify<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  key: ObjectKey,
  change: (current: T) => T | undefined,
): Promise<boolean> {
  let current = objects.read(kind, key) ?? (await objects.fetch(kind, key));
  for (let attempt = 1; current; attempt++) {
    const desired = change(current);
    if (!desired) return false;
    try {
      await objects.update(kind, desired);
      return true;
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      current = await objects.fetch(kind, key);
    }
  }
  return false;
}

/**
 * Creates an object. One that exists already is no failure: the cache is behind (somebody made it a moment ago),
 * and the live one is taken into it, to be judged. A conflict over something else is one, such as over a ResourceQuota
 * that was counted meanwhile.
 */
export async function createOnce<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  object: T,
): Promise<boolean> {
  try {
    await objects.create(kind, object);
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
    if (!(await objects.fetch(kind, key))) throw error;
    return true;
  }
}

export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409;
}
