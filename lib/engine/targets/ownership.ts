import { Canaries, type Canary } from '../../api/canary.js';
import { apiVersion, type KubeObject, type OwnerReference } from '../../api/kinds.js';

/** The reference by which Kubernetes deletes what perch made when the Canary is deleted. */
export function ownedBy(canary: Canary): OwnerReference[] {
  return [
    {
      apiVersion: apiVersion(Canaries),
      kind: Canaries.kind,
      name: canary.metadata.name ?? '',
      uid: canary.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    },
  ];
}

export function isOwnedBy(canary: Canary, object: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(
    (owner) =>
      owner.controller === true && owner.kind === Canaries.kind && owner.name === canary.metadata.name,
  );
}
