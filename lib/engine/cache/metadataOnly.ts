import type { Kind, KubeObject } from '../../api/kinds.js';
import { ConfigMaps, Secrets } from '../../api/workloads.js';

/** Kinds whose contents are none of the cache's business: they are large, or secret, or both. */
const KINDS: readonly Kind[] = [ConfigMaps, Secrets];

export function isMetadataOnly(kind: Kind): boolean {
  return KINDS.some(({ group, plural }) => kind.group === group && kind.plural === plural);
}

/** What is kept of such an object: which it is, its version, and what perch's own annotations say. */
export function metadataOf<T extends KubeObject>(object: T): T {
  const { name, namespace, uid, resourceVersion, annotations } = object.metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => key.startsWith('flagger.app/'));
  return {
    metadata: { name, namespace, uid, resourceVersion, annotations: Object.fromEntries(own) },
  } as T;
}
