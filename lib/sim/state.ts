import type { Clock } from '../ports/clock.js';
import type { ObjectStore, Stored } from './cluster/objectStore.js';
import type { Pod, Pods } from './models/pods.js';

/**
 * What a cluster keeps when every controller of it is started anew: etcd's objects, the pods that are available, the time.
 * It may be restored any number of times. Not part of it: traffic, what Prometheus has scraped, how versions behave.
 */
export interface WorldState {
  /** Epoch ms. */
  readonly at: number;
  readonly version: number;
  readonly objects: readonly Stored[];
  readonly pods: readonly Readonly<Pod>[];
}

export function stateOf(clock: Clock, store: ObjectStore, pods: Pods): WorldState {
  return {
    at: clock.now(),
    version: store.version(),
    objects: [...store.everything()],
    // whoever waits for the others starts new ones
    pods: pods.all().filter(({ available }) => available),
  };
}

/** Objects are never changed in place, so that worlds share them; pods are. */
export function restoreState({ version, objects, pods }: WorldState, store: ObjectStore, all: Pods): void {
  for (const pod of pods) all.add({ ...pod });
  store.restore(objects, version);
}
