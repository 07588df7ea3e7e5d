import type { KubeObject } from '../../../lib/api/kinds.js';
import { type Deployment, Deployments } from '../../../lib/api/workloads.js';
import { type Inventory, type PodObject, Pods, type ReplicaSet, ReplicaSets } from './inventory.js';

/** A rollout that waits for a pod is left to itself after so much silence, milliseconds of the wall. */
const silenceMs = 100;

const isOwnedBy = (owner: KubeObject) => (object: KubeObject) =>
  (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
const sum = (numbers: (number | undefined)[]) => numbers.reduce<number>((total, one = 0) => total + one, 0);
const isObserved = ({ metadata, status }: Deployment | ReplicaSet) =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);

function isReady({ status }: PodObject): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

/** Has the ReplicaSet controller made the pods, and counted them? */
function isCounted(set: ReplicaSet, pods: readonly PodObject[]): boolean {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = set.status ?? {};
  const ready = pods.filter(isReady).length;
  return (
    isObserved(set) &&
    pods.length === (set.spec.replicas ?? 1) &&
    replicas === pods.length &&
    readyReplicas === ready &&
    availableReplicas === ready
  );
}

/** Has the Deployment controller counted its ReplicaSets, and nothing to do until a pod becomes ready? */
function isAtRest(deployment: Deployment, sets: readonly ReplicaSet[], silentMs: number): boolean {
  const { status = {}, spec } = deployment;
  const counted =
    isObserved(deployment) &&
    (status.replicas ?? 0) === sum(sets.map((set) => set.status?.replicas)) &&
    (status.readyReplicas ?? 0) === sum(sets.map((set) => set.status?.readyReplicas)) &&
    (status.availableReplicas ?? 0) === sum(sets.map((set) => set.status?.availableReplicas));
  if (!counted) return false;
  const wanted = spec.replicas ?? 1;
  const complete = status.updatedReplicas === status.replicas && (status.replicas ?? 0) === wanted;
  if (complete) return true;
  return (status.readyReplicas ?? 0) < (status.replicas ?? 0) && silentMs > silenceMs;
}

/** What the cluster's own controllers have yet to do in the namespace; empty when they wait for something else. */
export function unsettled(inventory: Inventory): string[] {
  const silentMs = performance.now() - inventory.changedAt();
  const [sets, pods] = [inventory.of(ReplicaSets), inventory.of(Pods)];
  const found: string[] = [];
  for (const deployment of inventory.of(Deployments)) {
    const own = sets.filter(isOwnedBy(deployment));
    const uncounted = own.filter((set) => !isCounted(set, pods.filter(isOwnedBy(set))));
    found.push(...uncounted.map(({ metadata }) => `ReplicaSet ${metadata.name}`));
    if (!isAtRest(deployment, own, silentMs)) found.push(`Deployment ${deployment.metadata.name}`);
  }
  const all = inventory.all();
  const live = new Set(all.map(({ metadata }) => metadata.uid));
  const orphans = all.filter(({ metadata }) => {
    const owners = metadata.ownerReferences ?? [];
    return owners.length > 0 && !owners.some(({ uid }) => live.has(uid));
  });
  found.push(...orphans.map(({ kind, metadata }) => `${kind} ${metadata.name}, whose owner is gone`));
  return found;
}
