import type { Canary } from '../api/canary.js';
import type { Log } from '../ports/log.js';
import { canaryKey } from './events.js';

/** Notices canaries that release the same workload: each would undo what the other does. */
export interface Rivals {
  /** Says so in the log, as Flagger does, once until it is no longer so. */
  check(canary: Canary): void;
  forget(key: string): void;
}

/** Knows each canary that was checked by its target, so that a check costs the same however many there are. */
export function createRivals(log: Log): Rivals {
  const targets = new Map<string, string>();
  const rivals = new Map<string, Set<string>>();
  const said = new Set<string>();

  const leave = (key: string): void => {
    const target = targets.get(key) ?? '';
    targets.delete(key);
    rivals.get(target)?.delete(key);
    if (rivals.get(target)?.size === 0) rivals.delete(target);
  };
  const join = (key: string, target: string): Set<string> => {
    if (targets.get(key) !== target) leave(key);
    targets.set(key, target);
    const all = rivals.get(target) ?? new Set();
    rivals.set(target, all.add(key));
    return all;
  };

  return {
    check(canary) {
      const key = canaryKey(canary);
      const { name = '', namespace = '' } = canary.metadata;
      // by the target's name alone, as Flagger compares
      const target = `${canary.spec.targetRef.name}.${namespace}`;
      if (join(key, target).size === 1) {
        said.delete(key);
        return;
      }
      if (said.has(key)) return;
      said.add(key);
      log.log('error', `Bad things will happen! Found more than one canary with the same target ${target}`, {
        canary: name,
      });
    },
    forget(key) {
      leave(key);
      said.delete(key);
    },
  };
}
