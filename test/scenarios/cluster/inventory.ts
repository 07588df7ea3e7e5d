import { Canaries } from '../../../lib/api/canary.js';
import { defineKind, type Kind, type KubeObject } from '../../../lib/api/kinds.js';
import {
  type Condition,
  Deployments,
  Ingresses,
  type PodTemplate,
  Services,
} from '../../../lib/api/workloads.js';
import type { Cluster, WatchEvent } from '../../../lib/ports/cluster.js';

export interface PodObject extends KubeObject {
  spec: PodTemplate['spec'];
  status?: { phase?: string; conditions?: Condition[] };
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
  };
}

export const Pods: Kind<PodObject> = defineKind('', 'v1', 'Pod', 'pods');
export const ReplicaSets: Kind<ReplicaSet> = defineKind('apps', 'v1', 'ReplicaSet', 'replicasets');

const kinds: readonly Kind[] = [Canaries, Deployments, ReplicaSets, Pods, Services, Ingresses];

/** What is in a namespace, kept up to date by watches. */
export interface Inventory {
  of<T extends KubeObject>(kind: Kind<T>): T[];
  all(): KubeObject[];
  /** When it was last told of a change, by performance.now(). */
  changedAt(): number;
}

export type Change = { readonly kind: Kind; readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' } & {
  readonly object: KubeObject;
};

/** Begins with what there is; `told` gets each later change, as soon as it is known here. */
export async function takeInventory(
  cluster: Cluster,
  signal: AbortSignal,
  told: (change: Change) => void,
): Promise<Inventory> {
  const held = new Map(kinds.map((kind) => [kind.kind, new Map<string, KubeObject>()]));
  let changedAt = performance.now();
  const take = (kind: Kind, event: WatchEvent<KubeObject>) => {
    if (event.type === 'BOOKMARK') return;
    changedAt = performance.now();
    const { uid = '' } = event.object.metadata;
    if (event.type === 'DELETED') held.get(kind.kind)?.delete(uid);
    else held.get(kind.kind)?.set(uid, event.object);
    told({ kind, type: event.type, object: event.object });
  };
  const follow = async (kind: Kind) => {
    const { resourceVersion, items } = await cluster.list(kind);
    for (const object of items) take(kind, { type: 'ADDED', object });
    void cluster.watch(kind, { resourceVersion, signal }, (event) => take(kind, event));
  };
  await Promise.all(kinds.map(follow));
  return {
    of: <T extends KubeObject>(kind: Kind<T>) => [...(held.get(kind.kind)?.values() ?? [])] as T[],
    all: () => [...held.values()].flatMap((objects) => [...objects.values()]),
    changedAt: () => changedAt,
  };
}
