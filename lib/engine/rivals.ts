import { Canaries, type Canary } from '../api/canary.js';
import type { Log } from '../ports/log.js';
import type { Caches } from './cache/caches.js';
import { canaryKey } from './events.js';

/** Notices canaries that release the same workload: each would undo what the other does. */
export interface Rivals {
  /** Says so in the log, as Flagger does, once until it is no longer so. */
  check(canary: Canary): void;
  forget(key: string): void;
}

export function createRivals(caches: Pick<Caches, 'list'>, log: Log): Rivals {
  const said = new Set<string>();
  return {
    check(canary) {
      const key = canaryKey(canary);
      if (!caches.list(Canaries).some((other) => areRivals(canary, other))) {
        said.delete(key);
        return;
      }
      if (said.has(key)) return;
      said.add(key);
      const { name = '', namespace = '' } = canary.metadata;
      const target = `${canary.spec.targetRef.name}.${namespace}`;
      log.log('error', `Bad things will happen! Found more than one canary with the same target ${target}`, {
        canary: name,
      });
    },
    forget: (key) => {
      said.delete(key);
    },
  };
}

/** By the target's name alone, as Flagger compares. */
function areRivals(one: Canary, other: Canary): boolean {
  return (
    one.metadata.namespace === other.metadata.namespace &&
    one.metadata.name !== other.metadata.name &&
    one.spec.targetRef.name === other.spec.targetRef.name
  );
}
