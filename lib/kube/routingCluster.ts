import type { Kind, KubeObject } from '../api/kinds.js';
import { madeForAnnotation } from '../api/ownership.js';
import type { Cluster } from '../ports/cluster.js';

/** API groups of meshes and gateways. */
export const routingGroups: readonly string[] = [
  'apisix.apache.org',
  'appmesh.k8s.aws',
  'gateway.networking.k8s.io',
  'gateway.solo.io',
  'gloo.solo.io',
  'kuma.io',
  'networking.istio.io',
  'projectcontour.io',
  'split.smi-spec.io',
  'traefik.io',
];

/**
 * One cluster made of two: `routing` has the objects of meshes and gateways, `home` all the rest, Ingresses included. As
 * by Flagger nothing there is owned by a Canary, which Kubernetes would not find; an annotation says whom it was made for.
 */
export function withRoutingElsewhere(home: Cluster, routing: Cluster): Cluster {
  const of = (kind: Kind): Cluster => (routingGroups.includes(kind.group) ? routing : home);
  const free = <T extends KubeObject>(kind: Kind<T>, object: T): T =>
    of(kind) === home ? object : withoutOwner(object);
  return {
    get: (kind, key) => of(kind).get(kind, key),
    list: (kind, options) => of(kind).list(kind, options),
    watch: (kind, options, onEvent) => of(kind).watch(kind, options, onEvent),
    create: (kind, object) => of(kind).create(kind, free(kind, object)),
    update: (kind, object) => of(kind).update(kind, free(kind, object)),
    updateStatus: (kind, object) => of(kind).updateStatus(kind, object),
    patch: (kind, key, type, patch) => of(kind).patch(kind, key, type, patch),
    apply: (kind, object, options) => of(kind).apply(kind, free(kind, object), options),
    delete: (kind, key) => of(kind).delete(kind, key),
    ...(home.read ? { read: (path: string) => home.read!(path) } : {}),
  };
}

function withoutOwner<T extends KubeObject>(object: T): T {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (!owner) return object;
  const annotations = {
    ...metadata.annotations,
    [madeForAnnotation]: `${metadata.namespace}/${owner.name}`,
  };
  return { ...object, metadata: { ...metadata, annotations } };
}
