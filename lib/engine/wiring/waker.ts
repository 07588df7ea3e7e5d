import { Canaries, type Canary } from '../../api/canary.js';
import type { Kind } from '../../api/kinds.js';
import { owningCanary } from '../../api/ownership.js';
import { kindText, type Listener } from '../cache/caches.js';
import { keyText } from '../cache/key.js';
import type { Change } from '../cache/store.js';
import { createReferences, type References, referencesOf, referenceTo } from './references.js';
import { isRelevant } from './relevance.js';

export interface WakerOptions {
  /** Asks for a pass over a canary. */
  readonly wake: (canary: string) => void;
  /** Told of a canary that is no more. */
  readonly gone: (canary: string) => void;
  /** Kinds of the objects that route a canary's traffic. */
  readonly routingKinds: (canary: Canary) => readonly Kind[];
  /** What canaries were found to depend on beside what their specs say; kept by whoever finds it. */
  readonly found: References;
}

/** Who refers to the object, and whom it was made for. */
function concerned(kind: Kind, { key, before, after }: Change, known: readonly References[]): Set<string> {
  const reference = referenceTo(kind, key);
  const canaries = new Set(known.flatMap((references) => [...references.of(reference)]));
  const owner = owningCanary(after ?? before ?? { metadata: {} });
  if (owner !== undefined) canaries.add(keyText({ namespace: key.namespace, name: owner }));
  return canaries;
}

/** Hears every change in the caches and wakes the canaries that it may concern. */
export function createWaker({ wake, gone, routingKinds, found }: WakerOptions): Listener {
  const references = createReferences();
  return (kind, change) => {
    const key = keyText(change.key);
    if (kindText(kind) !== kindText(Canaries)) {
      if (!isRelevant(kind, change)) return;
      for (const canary of concerned(kind, change, [references, found])) wake(canary);
    } else if (change.after) {
      // the store of Canaries holds nothing else
      const canary = change.after as Canary;
      references.set(key, referencesOf(canary, routingKinds(canary)));
      wake(key);
    } else {
      references.remove(key);
      found.remove(key);
      gone(key);
    }
  };
}
