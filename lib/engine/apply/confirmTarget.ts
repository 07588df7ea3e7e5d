import type { Kind, KubeObject } from '../../api/kinds.js';
import { configKinds } from '../targets/configs/copies.js';
import { readTrackedName } from '../targets/configs/references.js';
import type { Performer } from './performers.js';

/** Asks the API server itself, for the configs too; what it answers is in the caches for the next pass. */
export const performConfirmTarget: Performer<'confirmTarget'> = async (
  { objects, targetOf },
  { canary },
  { configs },
) => {
  const { namespace = '' } = canary.metadata;
  const read: readonly { readonly kind: Kind; readonly name: string }[] = [
    { kind: targetOf(canary).kind, name: canary.spec.targetRef.name },
    ...configs.map(readTrackedName).map(({ kind, name }) => ({ kind: configKinds[kind], name })),
  ];
  for (const { kind, name } of read) {
    const key = { namespace, name };
    const known = objects.read(kind, key);
    const live = await objects.fetch(kind, key);
    // as the caches keep it, which is not all of a config
    if (versionOf(live && objects.read(kind, key)) !== versionOf(known)) return 'stale';
  }
  return 'done';
};

/** Of its spec, where the kind counts those: a workload's status changes all the time. */
function versionOf(object: KubeObject | undefined): string | undefined {
  const { generation, resourceVersion, uid } = object?.metadata ?? {};
  return object && `${uid}/${generation ?? resourceVersion}`;
}
