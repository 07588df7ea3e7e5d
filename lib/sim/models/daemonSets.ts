import { createHash } from 'node:crypto';
import { type DaemonSet, DaemonSets } from '../../api/workloads.js';
import type { Timer } from '../../ports/clock.js';
import type { ObjectKey } from '../../ports/cluster.js';
import { canonical, equal } from '../cluster/json.js';
import { keyOf } from '../cluster/objectStore.js';
import { becomeAvailable } from './availability.js';
import type { DeploymentWorld } from './deployments.js';
import { newPod } from './pods.js';

/** From a change of the object until the controller acts on it. */
const reactionMs = 20;
/** Nodes of the virtual cluster; none has labels. */
const nodes = 3;

/**
 * The DaemonSet controller and the kubelets in one, simply: a pod on each node, replaced one after the other; none as
 * soon as the template selects nodes by a label.
 */
export class DaemonSetModel {
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly world: DeploymentWorld) {
    world.server.store.onChange(({ type, stored, before }) => {
      if (stored.kind.kind !== 'DaemonSet') return;
      const { uid, generation } = stored.object.metadata;
      if (type === 'DELETED') this.forget(uid!);
      else if (generation !== before?.object.metadata.generation)
        this.wake(uid!, keyOf(stored.object), reactionMs);
    });
  }

  private forget(uid: string): void {
    this.timers.get(uid)?.cancel();
    this.timers.delete(uid);
    for (const pod of this.world.pods.ofOwner(uid)) this.world.pods.remove(pod);
  }

  private wake(uid: string, key: ObjectKey, delayMs: number): void {
    this.timers.get(uid)?.cancel();
    this.timers.set(
      uid,
      this.world.clock.timer(delayMs, () => this.reconcile(uid, key)),
    );
  }

  private reconcile(uid: string, key: ObjectKey): void {
    const { server, pods } = this.world;
    const daemonSet = server.get(DaemonSets, key).object as DaemonSet;
    const { template } = daemonSet.spec;
    const hash = createHash('sha256').update(canonical(template)).digest('hex').slice(0, 10);
    const wanted = Object.keys(template.spec.nodeSelector ?? {}).length > 0 ? 0 : nodes;
    for (const pod of pods.ofOwner(uid).slice(wanted)) pods.remove(pod);
    const held = pods.ofOwner(uid);
    const outdated =
      held.find((pod) => pod.template !== hash && !pod.available) ??
      held.find((pod) => pod.template !== hash);
    const settled =
      held.length === wanted && held.every(({ available, template }) => available || template !== hash);
    if (outdated && settled) pods.remove(outdated);
    while (pods.ofOwner(uid).length < wanted) this.startPod(daemonSet, hash);
    this.report(daemonSet, hash, wanted);
  }

  private startPod(daemonSet: DaemonSet, hash: string): void {
    const { clock, random, pods, behaviours } = this.world;
    const pod = newPod(daemonSet, hash, random, clock.now());
    pods.add(pod);
    const { health, startUpMs } = behaviours.of(pod.image);
    if (health !== 'ready') return;
    clock.timer(startUpMs, () => {
      if (!pods.has(pod)) return;
      pods.markReady(pod);
      becomeAvailable(this.world, pod, daemonSet, () => this.wake(pod.owner, keyOf(daemonSet), 0));
      this.wake(pod.owner, keyOf(daemonSet), 0);
    });
  }

  private report(daemonSet: DaemonSet, hash: string, wanted: number): void {
    const held = this.world.pods.ofOwner(daemonSet.metadata.uid!);
    const ready = held.filter((pod) => pod.ready).length;
    const status = {
      observedGeneration: daemonSet.metadata.generation!,
      desiredNumberScheduled: wanted,
      currentNumberScheduled: held.length,
      updatedNumberScheduled: held.filter(({ template }) => template === hash).length,
      numberReady: ready,
      numberAvailable: held.filter((pod) => pod.available).length,
      numberMisscheduled: 0,
    };
    if (equal(status, daemonSet.status)) return;
    this.world.server.update(
      DaemonSets,
      { ...daemonSet, status } as DaemonSet,
      'kube-controller-manager',
      'status',
    );
  }
}
