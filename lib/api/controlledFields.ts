import type { Canary } from './canary.js';
import type { KubeObject } from './kinds.js';

/** A field of a declared object that the controller writes while it releases: nobody else may put it back. */
export interface ControlledField {
  /** API group of the object; '' for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Field names from the root. */
  readonly path: readonly string[];
}

/** What the controller writes into the objects that a canary refers to, by the kind of the object (Flagger 1.44). */
const written: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // Scaled to zero while nothing is released.
  Deployment: [['spec', 'replicas']],
  DaemonSet: [['spec', 'template', 'spec', 'nodeSelector', 'flagger.app/scale-to-zero']],
  // KEDA: paused while the target has no pods.
  ScaledObject: [['metadata', 'annotations', 'autoscaling.keda.sh/paused-replicas']],
  // The apex Service, when somebody else made it: it leads to the primary from then on.
  Service: [
    ['spec', 'selector'],
    ['spec', 'ports'],
    ['metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/reconcile'],
    ['metadata', 'annotations', 'helm.toolkit.fluxcd.io/driftDetection'],
  ],
  // Knative: shares of traffic are part of the Service itself.
  KnativeService: [
    ['spec', 'traffic'],
    ['metadata', 'annotations', 'flagger.app/primary-revision'],
  ],
};

interface Reference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** The fields of the given objects that their canaries' controller writes, in the order of the objects. */
export function controlledFields(objects: readonly KubeObject[]): ControlledField[] {
  const references = objects
    .filter(isCanary)
    .flatMap((canary) =>
      referencesOf(canary).map((reference) => ({ ...reference, namespace: namespaceOf(canary) })),
    );
  return objects.flatMap((object) => {
    const { group, kind, namespace, name } = identify(object);
    const referred = references.some(
      (reference) =>
        reference.group === group &&
        reference.kind === kind &&
        reference.namespace === namespace &&
        reference.name === name,
    );
    if (!referred) return [];
    const paths = written[group === 'serving.knative.dev' ? `Knative${kind}` : kind] ?? [];
    return paths.map((path) => ({ group, kind, namespace, name, path }));
  });
}

function isCanary(object: KubeObject): object is Canary {
  return object.kind === 'Canary' && (object.apiVersion ?? '').startsWith('flagger.app/');
}

function referencesOf({ spec }: Canary): Reference[] {
  const { targetRef, autoscalerRef } = spec;
  const named = [targetRef, ...(autoscalerRef ? [autoscalerRef] : [])];
  return [
    ...named.map(({ apiVersion = '', kind, name }) => ({
      group: groupOf(apiVersion),
      kind: `${kind}`,
      name,
    })),
    { group: '', kind: 'Service', name: spec.service?.name ?? targetRef.name },
  ];
}

function identify(object: KubeObject) {
  const { apiVersion = '', kind = '', metadata } = object;
  return { group: groupOf(apiVersion), kind, namespace: namespaceOf(object), name: metadata.name ?? '' };
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? '';
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
