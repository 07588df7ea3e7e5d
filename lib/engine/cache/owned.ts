import type { KubeObject } from '../../api/kinds.js';
import { owningCanary } from '../../api/ownership.js';
import type { ObjectKey } from '../../ports/cluster.js';
import { keyText } from './key.js';

/** Objects by the Canary that they were made for. */
export interface Owned<T extends KubeObject> {
  of(canary: ObjectKey): readonly T[];
  /** Takes what has become of an object. */
  note(before: T | undefined, after: T | undefined): void;
}

/** Made of `objects` when it is first asked: of most kinds nobody does. */
export function createOwned<T extends KubeObject>(objects: () => Iterable<T>): Owned<T> {
  let index: Map<string, Set<T>> | undefined;
  const build = (): Map<string, Set<T>> => {
    const built: Map<string, Set<T>> = new Map();
    for (const object of objects()) add(built, object);
    return built;
  };
  return {
    of(canary) {
      index ??= build();
      return [...(index.get(keyText(canary)) ?? [])];
    },
    note(before, after) {
      if (!index) return;
      if (before) take(index, before);
      if (after) add(index, after);
    },
  };
}

function ownerText(object: KubeObject): string | undefined {
  const name = owningCanary(object);
  return name && keyText({ namespace: object.metadata.namespace ?? '', name });
}

function add<T extends KubeObject>(index: Map<string, Set<T>>, object: T): void {
  const owner = ownerText(object);
  if (owner === undefined) return;
  const same = index.get(owner) ?? new Set();
  index.set(owner, same.add(object));
}

function take<T extends KubeObject>(index: Map<string, Set<T>>, object: T): void {
  const owner = ownerText(object);
  const same = owner === undefined ? undefined : index.get(owner);
  if (owner === undefined || !same) return;
  same.delete(object);
  if (same.size === 0) index.delete(owner);
}
