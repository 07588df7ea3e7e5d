import { Canaries, type Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { nearestName } from '../api/validation/spelling.js';
import { type Cluster, type ObjectKey, unlessMissing } from '../ports/cluster.js';
import { definitionMissing } from './definitions.js';

/**
 * The Canary as it is now. Throws CLI_CANARY_NOT_FOUND with the name that was probably meant, and CLI_CRD_MISSING where
 * the cluster knows no canaries at all.
 */
export async function findCanary(cluster: Cluster, key: ObjectKey): Promise<Canary> {
  const canary = await unlessMissing(cluster.get(Canaries, key));
  if (canary) return canary;
  const others = await unlessMissing(cluster.list(Canaries, { namespace: key.namespace }));
  // A namespace without canaries, or that is not there, has an empty list.
  if (!others) throw definitionMissing(Canaries);
  throw notFound(
    key,
    others.items.map(({ metadata }) => metadata.name ?? ''),
  );
}

function notFound({ namespace, name }: ObjectKey, names: readonly string[]): PerchError {
  const near = nearestName(name, names);
  const there = names.length > 0 ? `there are: ${names.join(', ')}` : 'there is none in this namespace';
  return new PerchError({
    code: 'CLI_CANARY_NOT_FOUND',
    message: `there is no canary '${name}' in namespace '${namespace}'`,
    remedy: near ? `did you mean '${near}'?` : `${there}; name another namespace with -n`,
    path: `canary/${name}`,
  });
}
