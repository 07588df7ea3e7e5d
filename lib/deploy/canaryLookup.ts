import { Canaries, type Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { nearestName } from '../api/validation/spelling.js';
import { type Cluster, type ObjectKey, unlessMissing } from '../ports/cluster.js';

/** The Canary as it is now. Throws CLI_CANARY_NOT_FOUND with the name that was probably meant. */
export async function findCanary(cluster: Cluster, key: ObjectKey): Promise<Canary> {
  const canary = await unlessMissing(cluster.get(Canaries, key));
  if (canary) return canary;
  const { items } = await cluster.list(Canaries, { namespace: key.namespace });
  throw notFound(
    key,
    items.map(({ metadata }) => metadata.name ?? ''),
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
