import { Canaries, type Canary } from './canary.js';
import { apiVersion, type KubeObject, type OwnerReference } from './kinds.js';

/** Keeps Flux and Helm from reverting what is generated. */
export const unmanagedByToolkit: Readonly<Record<string, string>> = {
  'kustomize.toolkit.fluxcd.io/reconcile': 'disabled',
  'helm.toolkit.fluxcd.io/driftDetection': 'disabled',
};

/** Whom an object was made for that nobody can own: it belongs to the whole cluster, or to another one. */
export const madeForAnnotation = 'flagger.app/canary';

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
  return owningCanary(object) === canary.metadata.name;
}

/** Name of the Canary that an object was made for; undefined when it was made by somebody else. */
export function owningCanary({ metadata }: KubeObject): string | undefined {
  return (metadata.ownerReferences ?? []).find(
    (owner) => owner.controller === true && owner.kind === Canaries.kind,
  )?.name;
}
