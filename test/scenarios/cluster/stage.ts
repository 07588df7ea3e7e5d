import { apiVersion, type KubeObject } from '../../../lib/api/kinds.js';
import {
  type Deployment,
  Deployments,
  type Ingress,
  Ingresses,
  type Service,
  Services,
} from '../../../lib/api/workloads.js';
import type { Cluster } from '../../../lib/ports/cluster.js';
import type { World } from '../../../lib/sim/world.js';
import { namespace } from '../../sim/podinfo.js';
import { type Change, type PodObject, Pods } from './inventory.js';

/** A pod's stand-in: a Deployment of one pod with its labels and containers, which the world starts or does not. */
function standIn({ metadata, spec }: PodObject): KubeObject {
  const labels = { ...metadata.labels, pod: metadata.name ?? '' };
  const containers = spec.containers.map(({ name, image, command, args }) => ({
    name,
    image,
    command,
    args,
  }));
  const template = { metadata: { labels, annotations: metadata.annotations ?? {} }, spec: { containers } };
  return {
    apiVersion: apiVersion(Deployments),
    kind: Deployments.kind,
    metadata: { name: metadata.name ?? '', namespace },
    spec: { replicas: 1, selector: { matchLabels: { pod: metadata.name ?? '' } }, template },
  } as Deployment;
}

function route(object: Service | Ingress): KubeObject {
  const { apiVersion: version, kind, metadata, spec } = object;
  const { name = '', annotations = {} } = metadata;
  const wanted =
    kind === Services.kind ? { selector: (spec as Service['spec']).selector, ports: portsOf(object) } : spec;
  return {
    ...(version && { apiVersion: version }),
    ...(kind && { kind }),
    metadata: { name, namespace, annotations },
    ...{ spec: wanted },
  };
}

function portsOf(service: KubeObject): object[] {
  const { ports = [] } = (service as Service).spec;
  return ports.map(({ name, port, targetPort }) => ({ ...(name && { name }), port, targetPort }));
}

/**
 * The nodes and the network of a cluster, played by a virtual world: it is told of pods, Services and Ingresses as they
 * are on the API server, runs the pods, and says there which of them are ready.
 */
export class Stage {
  private readonly pods = new Map<string, PodObject>();

  constructor(
    private readonly world: World,
    private readonly cluster: Cluster,
  ) {}

  async open(signal: AbortSignal): Promise<void> {
    const { resourceVersion } = await this.world.cluster.list(Deployments, { namespace });
    void this.world.cluster.watch(Deployments, { namespace, resourceVersion, signal }, (event) => {
      if (event.type !== 'MODIFIED') return;
      const pod = this.pods.get(event.object.metadata.name ?? '');
      if (pod) void this.say(pod, event.object.status?.readyReplicas === 1);
    });
  }

  take({ kind, type, object }: Change): void {
    const name = object.metadata.name ?? '';
    if (kind === Pods)
      this.takePod(
        name,
        type === 'DELETED' || object.metadata.deletionTimestamp ? undefined : (object as PodObject),
      );
    if (kind !== Services && kind !== Ingresses) return;
    if (type === 'DELETED') void this.world.cluster.delete(kind, { namespace, name });
    else this.world.apply([route(object as Service)]);
  }

  private takePod(name: string, pod: PodObject | undefined): void {
    const known = this.pods.has(name);
    if (pod) this.pods.set(name, pod);
    else this.pods.delete(name);
    if (pod && !known) this.world.apply([standIn(pod)]);
    if (!pod && known) void this.world.cluster.delete(Deployments, { namespace, name });
  }

  /** As a kubelet does. */
  private async say(pod: PodObject, ready: boolean): Promise<void> {
    const status = ready ? 'True' : 'False';
    if ((pod.status?.conditions ?? []).find(({ type }) => type === 'Ready')?.status === status) return;
    const lastTransitionTime = new Date(this.world.clock.now() - 3_600_000).toISOString();
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status, lastTransitionTime }));
    await this.cluster.updateStatus(Pods, {
      ...pod,
      status: { ...pod.status, phase: 'Running', conditions },
    });
  }
}
