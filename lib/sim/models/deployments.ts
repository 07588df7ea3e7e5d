import { createHash } from 'node:crypto';
import { type Deployment, Deployments } from '../../api/workloads.js';
import type { Clock, Timer } from '../../ports/clock.js';
import type { ObjectKey } from '../../ports/cluster.js';
import type { Random } from '../../ports/random.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { canonical, equal } from '../cluster/json.js';
import { keyOf } from '../cluster/objectStore.js';
import { becomeAvailable } from './availability.js';
import type { Behaviours } from './behaviours.js';
import { deploymentStatus } from './deploymentStatus.js';
import { newPod, type Pod, type Pods } from './pods.js';
import { type PodCounts, rolloutBounds, rolloutStep } from './rollout.js';

/** From a change of the object until the controller acts on it. */
const reactionMs = 20;
/** The kubelet's wait before it starts a container anew (CrashLoopBackOff): doubles from the first to the longest. */
const firstBackOffMs = 10_000;
const longestBackOffMs = 300_000;

interface Rollout {
  /** Generation that `hash` was made of. */
  generation: number | undefined;
  hash: string;
  /** Newest template and when it last made progress; epoch ms. */
  template: string;
  progressedAt: number;
  furthest: number;
  wake: Timer | undefined;
}

export interface DeploymentWorld {
  readonly server: ApiServer;
  readonly clock: Clock;
  readonly random: Random;
  readonly pods: Pods;
  readonly behaviours: Behaviours;
}

function newRollout(): Rollout {
  return { generation: undefined, hash: '', template: '', progressedAt: 0, furthest: 0, wake: undefined };
}

/** Which of two pods is dispensed with first. */
function standing({ ready, available }: Pod): number {
  return Number(ready) + Number(available);
}

/** Tells one template from another; unchanged while the generation is. */
function templateOf(deployment: Deployment, rollout: Rollout): string {
  const { generation } = deployment.metadata;
  if (rollout.generation === generation) return rollout.hash;
  rollout.generation = generation;
  rollout.hash = createHash('sha256').update(canonical(deployment.spec.template)).digest('hex').slice(0, 10);
  return rollout.hash;
}

/** The Deployment controller, the ReplicaSet controller and the kubelets in one: from templates to ready pods. */
export class DeploymentModel {
  private readonly rollouts = new Map<string, Rollout>();

  constructor(private readonly world: DeploymentWorld) {
    world.server.store.onChange(({ type, stored, before }) => {
      if (stored.kind.kind !== 'Deployment') return;
      const { uid } = stored.object.metadata;
      if (type === 'DELETED') this.forget(uid!);
      else if (stored.object.metadata.generation !== before?.object.metadata.generation)
        this.wake(uid!, keyOf(stored.object), reactionMs);
    });
  }

  /** Looks at every Deployment anew, e.g. because a version now behaves otherwise. */
  refresh(): void {
    for (const { object } of this.world.server.list(Deployments))
      this.wake(object.metadata.uid!, keyOf(object), 0);
  }

  private forget(uid: string): void {
    this.rollouts.get(uid)?.wake?.cancel();
    this.rollouts.delete(uid);
    for (const pod of this.world.pods.ofOwner(uid)) this.world.pods.remove(pod);
  }

  private wake(uid: string, key: ObjectKey, delayMs: number): void {
    const rollout = this.rollouts.get(uid) ?? newRollout();
    this.rollouts.set(uid, rollout);
    rollout.wake?.cancel();
    rollout.wake = this.world.clock.timer(delayMs, () => this.reconcile(uid, key, rollout));
  }

  private reconcile(uid: string, key: ObjectKey, rollout: Rollout): void {
    const deployment = this.world.server.get(Deployments, key).object as Deployment;
    const template = templateOf(deployment, rollout);
    const now = this.world.clock.now();
    if (rollout.template !== template) Object.assign(rollout, { template, progressedAt: now, furthest: -1 });
    const bounds = rolloutBounds(deployment.spec.replicas ?? 1, deployment.spec.strategy);
    this.replacePods(deployment, template, bounds);
    const counts = this.count(uid, template);
    const distance = counts.current + counts.ready + counts.currentAvailable - counts.old;
    const complete =
      counts.currentAvailable === bounds.desired && counts.current === bounds.desired && counts.old === 0;
    if (distance > rollout.furthest || complete)
      Object.assign(rollout, { progressedAt: now, furthest: distance });
    const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
    if (!complete && now < rollout.progressedAt + deadlineMs)
      this.wake(uid, key, rollout.progressedAt + deadlineMs - now);
    const minimum = bounds.desired - bounds.unavailable;
    const progress = { sinceMs: rollout.progressedAt };
    const name = `${deployment.metadata.name}-${template}`;
    const status = deploymentStatus(deployment, name, counts, minimum, progress, now);
    if (equal(status, deployment.status)) return;
    this.world.server.update(
      Deployments,
      { ...deployment, status } as Deployment,
      'kube-controller-manager',
      'status',
    );
  }

  private replacePods(
    deployment: Deployment,
    template: string,
    bounds: ReturnType<typeof rolloutBounds>,
  ): void {
    const uid = deployment.metadata.uid!;
    const { pods } = this.world;
    for (let pass = 0; pass < 2; pass++) {
      const step = rolloutStep(bounds, this.count(uid, template));
      const old = pods.ofOwner(uid).filter((pod) => pod.template !== template);
      const unwanted = [
        ...old.filter(({ available }) => !available).slice(0, step.oldUnavailable),
        ...old.filter(({ available }) => available).slice(0, step.oldAvailable),
      ];
      if (step.current < 0) {
        const current = pods.ofOwner(uid).filter((pod) => pod.template === template);
        unwanted.push(...current.toSorted((a, b) => standing(a) - standing(b)).slice(0, -step.current));
      }
      for (const pod of unwanted) pods.remove(pod);
      for (let created = 0; created < step.current; created++) this.startPod(deployment, template);
    }
  }

  private startPod(deployment: Deployment, template: string): void {
    const { clock, random, pods } = this.world;
    const pod = newPod(deployment, template, random, clock.now());
    pods.add(pod);
    this.boot(pod, deployment);
  }

  /** From the start of a pod's container until it is available, and on to its end, should it have one. */
  private boot(pod: Pod, deployment: Deployment): void {
    const { clock, pods, behaviours } = this.world;
    const { health, startUpMs, livesMs } = behaviours.of(pod.image);
    if (health !== 'ready') return;
    clock.timer(startUpMs, () => {
      if (!pods.has(pod)) return;
      pods.markReady(pod);
      becomeAvailable(this.world, pod, deployment, () => this.wake(pod.owner, keyOf(deployment), 0));
      this.wake(pod.owner, keyOf(deployment), 0);
      if (livesMs !== undefined) clock.timer(livesMs, () => this.restart(pod, deployment));
    });
  }

  private restart(pod: Pod, deployment: Deployment): void {
    const { clock, pods } = this.world;
    if (!pods.has(pod)) return;
    const backOffMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** pod.restarts);
    pods.markRestarting(pod);
    this.wake(pod.owner, keyOf(deployment), 0);
    clock.timer(backOffMs, () => {
      if (pods.has(pod)) this.boot(pod, deployment);
    });
  }

  private count(uid: string, template: string): PodCounts {
    const all = this.world.pods.ofOwner(uid);
    const current = all.filter((pod) => pod.template === template);
    const currentAvailable = current.filter(({ available }) => available).length;
    const available = all.filter((pod) => pod.available).length;
    return {
      current: current.length,
      currentAvailable,
      old: all.length - current.length,
      oldAvailable: available - currentAvailable,
      ready: all.filter((pod) => pod.ready).length,
    };
  }
}
