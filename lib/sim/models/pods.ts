import type { Workload } from '../../api/workloads.js';
import type { Random } from '../../ports/random.js';
import { nameSuffix } from '../cluster/admission.js';

/** A pod of the virtual cluster; not an object of its API. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly image: string;
  /** Command and arguments of the first container, for telling what a pod is. */
  readonly command: readonly string[];
  /** Uid of the Deployment or DaemonSet. */
  readonly owner: string;
  /** Tells the pods of one template from those of another. */
  readonly template: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Its Services send it requests. */
  ready: boolean;
  /** It has been ready for the workload's `minReadySeconds`. */
  available: boolean;
  /** Of its container. */
  restarts: number;
}

/** A pod that is not ready yet; `template` is the hash of the workload's. */
export function newPod(workload: Workload, template: string, random: Random, createdAt: number): Pod {
  const { metadata = {}, spec } = workload.spec.template;
  const container = spec.containers[0]!;
  return {
    namespace: workload.metadata.namespace ?? '',
    name: `${workload.metadata.name}-${template}-${nameSuffix(random)}`,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    image: container.image ?? '',
    command: [container.command, container.args].flat().filter((word) => typeof word === 'string'),
    owner: workload.metadata.uid!,
    template,
    createdAt,
    ready: false,
    available: false,
    restarts: 0,
  };
}

/** Name of the Deployment or DaemonSet, as proxies read it off the pod's. */
export function workloadOf({ name }: Pod): string {
  return name.replace(/-[^-]+-[^-]+$/, '');
}

/** All pods. Listeners are told of each change. */
export class Pods {
  private readonly pods = new Set<Pod>();
  private readonly listeners: (() => void)[] = [];

  /** Calls `listener` after each change, at once. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  add(pod: Pod): void {
    this.change(() => this.pods.add(pod));
  }

  remove(pod: Pod): void {
    this.change(() => this.pods.delete(pod));
  }

  markReady(pod: Pod): void {
    this.change(() => {
      pod.ready = true;
    });
  }

  markAvailable(pod: Pod): void {
    this.change(() => {
      pod.available = true;
    });
  }

  /** Its container ended; it will be started again. */
  markRestarting(pod: Pod): void {
    this.change(() => {
      pod.ready = false;
      pod.available = false;
      pod.restarts += 1;
    });
  }

  has(pod: Pod): boolean {
    return this.pods.has(pod);
  }

  all(): Pod[] {
    return [...this.pods];
  }

  ofOwner(uid: string): Pod[] {
    return this.all().filter(({ owner }) => owner === uid);
  }

  /** Ready pods with all the labels; none for an empty selector, as for a Service without one. */
  selected(namespace: string, selector: Readonly<Record<string, string>> = {}): Pod[] {
    const wanted = Object.entries(selector);
    if (wanted.length === 0) return [];
    return this.all().filter(
      (pod) =>
        pod.ready &&
        pod.namespace === namespace &&
        wanted.every(([name, value]) => pod.labels[name] === value),
    );
  }

  private change(perform: () => void): void {
    perform();
    for (const listener of this.listeners) listener();
  }
}
