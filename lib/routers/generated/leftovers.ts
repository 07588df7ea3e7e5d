import type { Canary } from '../../api/canary.js';
import type { Kind, KubeObject } from '../../api/kinds.js';
import type { Objects } from '../../ports/objects.js';
import type { Router } from '../../ports/router.js';

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
  return objects.owned(kind, canary).filter(({ metadata }) => !current.includes(metadata.name ?? ''));
}

/** The router, with what is left closed before each sync; `close` says whether it wrote something. */
export function closingLeftovers(router: Router, close: (canary: Canary) => Promise<boolean>): Router {
  return {
    ...router,
    async sync(canary, desired) {
      const closed = await close(canary);
      const { found, changed } = await router.sync(canary, desired);
      return { found, changed: changed || closed };
    },
  };
}
