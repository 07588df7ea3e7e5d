import { apiVersion, type KubeObject } from '../api/kinds.js';
import type { Cluster } from '../ports/cluster.js';
import type { Discovery } from '../ports/discovery.js';
import { type Application, applySetId, type Extent, memberLabel, splitGroupKind } from './applySet.js';
import { remembering } from './kinds.js';
import { type Item, identityOf, isCanary, isGoing } from './manifest.js';
import { inOrder } from './order.js';
import { fieldManager } from './trial.js';

export interface Orphans {
  /** In the order in which they can go: what others need goes last. */
  readonly found: readonly Item[];
  /** Kinds that the API server does not serve now: there may be some of them all the same. */
  readonly unserved: readonly string[];
}

/** Members of the application that the program no longer names. */
export async function findOrphans(
  cluster: Cluster & Discovery,
  application: Application,
  extent: Extent,
  items: readonly Item[],
): Promise<Orphans> {
  const { kinds } = remembering(cluster);
  const id = applySetId(application);
  const named = new Set(items.map(identityOf));
  const found: Item[] = [];
  const unserved: string[] = [];
  for (const text of extent.kinds) {
    const [kindName, group] = splitGroupKind(text);
    const kind = (await kinds(group)).find((served) => served.kind === kindName);
    if (!kind) {
      unserved.push(text);
      continue;
    }
    for (const namespace of kind.namespaced ? extent.namespaces : ['']) {
      const { items: members } = await cluster.list(kind, { namespace, metadataOnly: true });
      for (const { metadata } of members) {
        const item = { kind, object: { apiVersion: apiVersion(kind), kind: kindName, metadata } };
        if (metadata.labels?.[memberLabel] !== id || named.has(identityOf(item))) continue;
        // A Canary needs what goes after it until it is gone.
        if (wasDeployed(item.object) && (!isGoing(item) || isCanary(item))) found.push(item);
      }
    }
  }
  return { found: inOrder(found).reverse(), unserved };
}

/** Was it written by a deployment? Controllers copy labels to what they make, and nothing of theirs is ours. */
function wasDeployed({ metadata }: KubeObject): boolean {
  return (metadata.managedFields ?? []).some(
    (entry) => (entry as { manager?: string }).manager === fieldManager,
  );
}
