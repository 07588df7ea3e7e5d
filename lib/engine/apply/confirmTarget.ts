import type { KubeObject } from '../../api/kinds.js';
import type { Performer } from './performers.js';

/** Asks the API server itself; what it answers is in the caches for the next pass. */
export const performConfirmTarget: Performer<'confirmTarget'> = async ({ objects, targetOf }, { canary }) => {
  const { kind } = targetOf(canary);
  const key = { namespace: canary.metadata.namespace ?? '', name: canary.spec.targetRef.name };
  const known = objects.read(kind, key);
  return versionOf(await objects.fetch(kind, key)) === versionOf(known) ? 'done' : 'stale';
};

/** Of its spec, where the kind counts those: a workload's status changes all the time. */
function versionOf(object: KubeObject | undefined): string | undefined {
  const { generation, resourceVersion, uid } = object?.metadata ?? {};
  return object && `${uid}/${generation ?? resourceVersion}`;
}
