import type { KubeCluster } from '../kube/cluster.js';
import type { ObjectKey } from '../ports/cluster.js';
import { type ClusterFlags, namespaceOf } from './clusterFlags.js';

/** `podinfo` in the namespace of the flags or the context, or `test/podinfo`. */
export function canaryKey(name: string, flags: ClusterFlags, cluster: KubeCluster): ObjectKey {
  const slash = name.indexOf('/');
  if (slash < 0) return { namespace: namespaceOf(flags, cluster), name };
  return { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
}
