import type { Kind, KubeObject } from '../../api/kinds.js';
import type { Clock } from '../../ports/clock.js';
import type { ApiServer } from './apiServer.js';
import { type CustomResourceDefinition, customKinds, isDefinition } from './customKinds.js';
import { keyOf, type Stored } from './objectStore.js';

function asKind({ kind }: Stored): Kind {
  return kind;
}

/** Does some owner of the object still live? True for an object without owners. */
function isHeld(object: KubeObject, isLive: (uid: string) => boolean): boolean {
  const owners = object.metadata.ownerReferences ?? [];
  return owners.length === 0 || owners.some(({ uid }) => isLive(uid));
}

/**
 * The garbage collector and the namespace controller: what lost its last owner goes (in the background, as by
 * `kubectl delete`), and with a namespace or a CustomResourceDefinition all that is in it.
 */
export function collectGarbage(server: ApiServer, clock: Clock): void {
  const live = new Set<string>();
  let pending = false;

  function sweep(): void {
    pending = false;
    for (const stored of server.store.everything()) {
      if (!isHeld(stored.object, (uid) => live.has(uid))) server.delete(asKind(stored), keyOf(stored.object));
    }
  }

  function sweepSoon(): void {
    if (pending) return;
    pending = true;
    clock.timer(0, sweep);
  }

  function empty(deleted: Stored): void {
    const isNamespace = deleted.kind.kind === 'Namespace';
    const kinds = isDefinition(deleted.kind) ? customKinds(deleted.object as CustomResourceDefinition) : [];
    if (!isNamespace && kinds.length === 0) return;
    for (const stored of server.store.everything()) {
      const inside = isNamespace
        ? stored.object.metadata.namespace === deleted.object.metadata.name
        : kinds.some(({ group, plural }) => group === stored.kind.group && plural === stored.kind.plural);
      if (inside) server.store.delete(stored);
    }
  }

  for (const { object } of server.store.everything()) live.add(object.metadata.uid!);
  server.store.onChange(({ type, stored, before }) => {
    const { uid, ownerReferences } = stored.object.metadata;
    if (type === 'DELETED') {
      live.delete(uid!);
      empty(stored);
      sweepSoon();
    } else {
      live.add(uid!);
      const owned = ownerReferences !== before?.object.metadata.ownerReferences;
      if (owned && ownerReferences?.length) sweepSoon();
    }
  });
}
