import { PerchError } from '../api/errors.js';
import type { KubeCluster } from '../kube/cluster.js';
import type { ObjectKey } from '../ports/cluster.js';
import type { ClusterFlags } from './clusterFlags.js';

type Context = Pick<KubeCluster, 'namespace'>;

export function namespaceOf({ namespace }: ClusterFlags, context: Context): string {
  return namespace ?? context.namespace ?? 'default';
}

/** `podinfo` in the namespace of the flags or the context, or `test/podinfo`. */
export function canaryKey(words: string, flags: ClusterFlags, context: Context): ObjectKey {
  const [, namespace, name] = /^(?:([^/]+)\/)?([^/]+)$/.exec(words) ?? [];
  if (name === undefined) {
    throw new PerchError({
      code: 'CLI_FLAG_VALUE',
      message: `expected the name of a canary, or namespace/name, got ${JSON.stringify(words)}`,
      remedy: 'write one name, with one namespace before it or with -n',
    });
  }
  if (namespace !== undefined && flags.namespace !== undefined && namespace !== flags.namespace) {
    throw new PerchError({
      code: 'CLI_FLAG_REFUSED',
      message: `expected one namespace, got '${namespace}' of ${words} and '${flags.namespace}' of -n`,
      remedy: `leave one out: ${words}, or ${name} -n ${flags.namespace}`,
      path: '--namespace',
    });
  }
  return { namespace: namespace ?? namespaceOf(flags, context), name };
}
