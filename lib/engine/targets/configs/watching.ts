import type { Canary } from '../../../api/canary.js';
import type { Kind } from '../../../api/kinds.js';
import { Secrets } from '../../../api/workloads.js';
import type { ObjectKey } from '../../../ports/cluster.js';
import type { Caches } from '../../cache/caches.js';
import { canaryKey } from '../../events.js';
import { type References, referenceTo } from '../../wiring/references.js';
import { configKinds } from './copies.js';
import type { ConfigTrackerOptions } from './tracker.js';

/** How the ConfigMaps and Secrets that pods name are watched: a kind at a time, or Secrets one by one. */
export function createConfigWatching(
  caches: Caches,
  found: References,
  { secretsByName = false }: { readonly secretsByName?: boolean | undefined },
): Pick<ConfigTrackerOptions, 'ensure' | 'refer'> & { forget(canary: string): void } {
  const referred = new Map<string, string>();
  const isNeeded = (kind: Kind, key: ObjectKey) => found.of(referenceTo(kind, key)).size > 0;
  return {
    ensure: (kind, key) => caches.ensure(kind, kind === Secrets && secretsByName ? key : undefined),
    refer(canary: Canary, configs) {
      const { namespace = '' } = canary.metadata;
      const references = configs.map(({ kind, name }) => referenceTo(configKinds[kind], { namespace, name }));
      const key = canaryKey(canary);
      if (referred.get(key) === references.join()) return;
      referred.set(key, references.join());
      found.set(key, references);
      caches.releaseSingle(isNeeded);
    },
    forget(canary) {
      if (!referred.delete(canary)) return;
      found.remove(canary);
      caches.releaseSingle(isNeeded);
    },
  };
}
