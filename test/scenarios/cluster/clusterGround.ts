import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Canaries } from '../../../lib/api/canary.js';
import { apiVersion, type KubeObject } from '../../../lib/api/kinds.js';
import { type Deployment, Deployments } from '../../../lib/api/workloads.js';
import type { Controller } from '../../../lib/engine/controller.js';
import type { KubeCluster } from '../../../lib/kube/cluster.js';
import { connect } from '../../../lib/kube/connect.js';
import type { Cluster } from '../../../lib/ports/cluster.js';
import type { Alert } from '../../../lib/ports/notifier.js';
import { quiescence } from '../../../lib/sim/clock.js';
import { controllerIn } from '../../../lib/sim/controller.js';
import { traffic } from '../../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../../lib/sim/world.js';
import { Namespaces } from '../../clusterKinds.js';
import { host, namespace as inside } from '../../sim/podinfo.js';
import type { Ground } from '../ground.js';
import { worldGround } from '../virtualGround.js';
import { aliased } from './alias.js';
import { attend } from './attention.js';
import { conditionTimes } from './conditionTimes.js';
import { disturbable } from './disturbance.js';
import { type Inventory, takeInventory } from './inventory.js';
import { Stage } from './stage.js';
import { unsettled } from './unsettled.js';

/** Milliseconds of the wall that the cluster's controllers get to come to rest. */
const patienceMs = 30_000;

/** Resolves when nothing is under way any more, neither here nor in the cluster. */
async function comeToRest(pending: () => string[]): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let calm = 0; calm < 2; ) {
    await quiescence();
    const left = pending();
    calm = left.length === 0 ? calm + 1 : 0;
    if (left.length === 0) continue;
    if (performance.now() > deadline)
      throw new Error(`the cluster did not come to rest in ${patienceMs / 1000} s: ${left.join(', ')}`);
    await wait(2);
  }
}

/** The canary and what belongs to it are the API server's; what stands around it, such as the load tester, is played. */
function isPlayed({ kind, metadata }: KubeObject): boolean {
  return metadata.namespace !== inside || kind === 'Namespace' || metadata.name === 'loadtester';
}

/** No scheduler knows it: pods stay without a node, and their kubelet is the stage. */
function unscheduled(object: KubeObject): KubeObject {
  if (object.kind !== Deployments.kind) return object;
  const { spec } = object as Deployment;
  const template = { ...spec.template, spec: { ...spec.template.spec, schedulerName: 'perch-scenarios' } };
  return { ...object, spec: { ...spec, template } } as Deployment;
}

async function applyTo(cluster: Cluster, kube: KubeCluster, object: KubeObject): Promise<void> {
  const [group = '', version = ''] = (object.apiVersion ?? '').includes('/')
    ? (object.apiVersion ?? '').split('/')
    : ['', object.apiVersion];
  const kind = (await kube.kinds(group, version)).find((served) => served.kind === object.kind);
  if (!kind) throw new Error(`the API server does not serve ${object.apiVersion} ${object.kind}`);
  await cluster.apply(kind, object, { fieldManager: 'kubectl', force: true });
}

/** A lost controller takes no finalizer off any more. */
async function removeNamespace(kube: KubeCluster, namespace: string): Promise<void> {
  const { items } = await kube.list(Canaries, { namespace });
  for (const { metadata } of items) {
    const key = { namespace, name: metadata.name ?? '' };
    await kube.patch(Canaries, key, 'merge', { metadata: { finalizers: null } });
  }
  await kube.delete(Namespaces, { namespace: '', name: namespace });
}

/**
 * A real API server with its controllers of workloads and of garbage, and a virtual clock that goes on when they and
 * the controller under test have nothing left to do. Each ground has a namespace of its own. The CRDs are there.
 */
export async function clusterGround(kubeconfig: string, usersPerSecond: number): Promise<Ground> {
  const kube = await connect({ version: 'scenarios', kubeconfig, qps: -1 });
  const outside = `scenario-${randomUUID().slice(0, 8)}`;
  await kube.create(Namespaces, {
    apiVersion: apiVersion(Namespaces),
    kind: 'Namespace',
    metadata: { name: outside },
  });
  const attention = attend(kube);
  let inventory: Inventory | undefined;
  const world: World = createWorld({
    start: Date.now(),
    settle: () => comeToRest(() => [...attention.pending(), ...(inventory ? unsettled(inventory) : [])]),
    ...(usersPerSecond > 0 && { traffic: traffic.steady({ rps: usersPerSecond, host }) }),
  });
  const read = conditionTimes(() => world.clock.now());
  const cluster = aliased(attention.cluster, { inside, outside, read });
  const disturbed = disturbable(cluster);
  const over = new AbortController();
  const alerts: Alert[] = [];
  let controller: Controller | undefined;
  return {
    ...worldGround(world),
    cluster,
    alerts,
    async apply(objects) {
      world.apply(objects.filter(isPlayed));
      if (!inventory) {
        const stage = new Stage(world, cluster);
        await stage.open(over.signal);
        inventory = await takeInventory(cluster, over.signal, (change) => stage.take(change));
      }
      const definition = 'CustomResourceDefinition';
      for (const object of objects)
        if (!isPlayed(object) && object.kind !== definition)
          await applyTo(cluster, kube, unscheduled(object));
    },
    async startController() {
      const { clock, http, log, random } = world;
      const send = async (alert: Alert) => void alerts.push(alert);
      const globalNotifier = { send };
      controller = controllerIn({ cluster: disturbed.cluster, clock, http, log, random, globalNotifier }, {});
      await controller.start();
    },
    fail: disturbed.fail,
    disconnect: disturbed.disconnect,
    stopController: async () => controller?.stop(),
    async dispose() {
      await controller?.stop();
      over.abort();
      await removeNamespace(kube, outside);
      await kube.close();
    },
  };
}
