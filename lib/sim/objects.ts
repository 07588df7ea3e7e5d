import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import type { ApiServer } from './cluster/apiServer.js';

function describe({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion ?? '(no apiVersion)'} ${kind ?? '(no kind)'} ${metadata?.name ?? '(no name)'}`;
}

/**
 * `kubectl apply --server-side -f`: one after the other, so what others need comes first. Throws SIM_UNKNOWN_KIND for a
 * kind that is neither built in nor defined by an earlier CustomResourceDefinition, and what the API server refuses.
 */
export function applyObjects(server: ApiServer, objects: readonly KubeObject[]): void {
  for (const object of objects) {
    const kind = server.kinds.ofObject(object);
    if (!kind)
      throw new PerchError({
        code: 'SIM_UNKNOWN_KIND',
        message: `expected a kind that the virtual cluster serves, was given ${describe(object)}`,
        remedy: 'Apply its CustomResourceDefinition before it, or leave the object out.',
        path: describe(object),
      });
    server.apply(kind, object, 'kubectl', true);
  }
}
