import type { Canary } from '../../api/canary.js';
import type { Kind, KubeObject } from '../../api/kinds.js';
import { isOwnedBy } from '../../api/ownership.js';
import type { Objects } from '../../ports/objects.js';

/**
 * What was made for the Canary beside an object that its spec named then: when the spec names another one, nobody would
 * take back the share that the canary has there, and the next release would begin with it.
 */
export function leftovers<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  canary: Canary,
  current: readonly string[],
): T[] {
  return objects
    .list(kind, canary.metadata.namespace ?? '')
    .filter((object) => isOwnedBy(canary, object) && !current.includes(object.metadata.name ?? ''));
}
