import { Canaries } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import {
  type DaemonSet,
  DaemonSets,
  Deployments,
  ScaledObjects,
  type Service,
  Services,
} from '../../lib/api/workloads.js';
import { namespace, release } from '../sim/podinfo.js';
import { definition } from './definition.js';
import { declared, given, hook, onVirtualCluster, type Scene } from './scene.js';

/* Whole releases of what is no Deployment, and of a Deployment that KEDA scales. */

const key = (name: string) => ({ namespace, name });
const isTarget = ({ kind, metadata }: KubeObject) => kind === 'Deployment' && metadata.name === 'podinfo';

describe('a DaemonSet', () => {
  const targetRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'podinfo' };
  const asleep = { 'flagger.app/scale-to-zero': 'true' };

  /** The target's Deployment as a DaemonSet of the same pods. */
  const everywhere = (stack: KubeObject[]) =>
    stack.map((object): KubeObject => (isTarget(object) ? { ...object, kind: 'DaemonSet' } : object));

  const find = (scene: Scene, name: string): Promise<DaemonSet> =>
    scene.ground.cluster.get(DaemonSets, key(name));
  const imageOf = async (scene: Scene, name: string) =>
    (await find(scene, name)).spec.template.spec.containers[0]?.image;

  async function update(scene: Scene, tag: string): Promise<void> {
    const { spec } = await find(scene, 'podinfo');
    const containers = spec.template.spec.containers.map((container) => ({
      ...container,
      image: release(tag),
    }));
    const patch = { spec: { template: { spec: { containers } } } };
    await scene.ground.cluster.patch(DaemonSets, key('podinfo'), 'merge', patch);
  }

  onVirtualCluster('is released by weights like a Deployment, and sleeps where no node is', async () => {
    const scene = await given({ objects: everywhere, spec: { targetRef } });
    expect((await find(scene, 'podinfo')).spec.template.spec.nodeSelector).toEqual(asleep);
    await update(scene, '6.9.1');
    await scene.reachesWeight(25);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await scene.reaches('Succeeded');
    await scene.ground.elapse(30_000);
    const { weights, said, alerts } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said.at(-1)).toBe('Promotion completed! Scaling down podinfo.test');
    expect(alerts).toContain('info: New DaemonSet detected, initialization completed.');
    expect(await imageOf(scene, 'podinfo-primary')).toBe(release('6.9.1'));
    expect((await find(scene, 'podinfo')).spec.template.spec.nodeSelector).toEqual(asleep);
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
  });

  onVirtualCluster('that fails its checks gives the traffic back, and sleeps again', async () => {
    const scene = await given({
      objects: everywhere,
      spec: { targetRef },
      analysis: { webhooks: [hook('rollout', 'gate/halt')] },
    });
    await update(scene, '6.9.1');
    await scene.reaches('Failed');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    await scene.ground.elapse(5000);
    expect((await find(scene, 'podinfo')).spec.template.spec.nodeSelector).toEqual(asleep);
  });

  onVirtualCluster('whose pods do not come is rolled back after the deadline', async () => {
    const scene = await given({ objects: everywhere, spec: { targetRef, progressDeadlineSeconds: 60 } });
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await update(scene, '6.9.1');
    await scene.reaches('Failed');
    expect((await scene.story()).alerts.at(-1)).toBe(
      'error: Progress deadline exceeded canary damonset podinfo.test not ready with retryable false: exceeded its progressDeadlineSeconds: 60',
    );
  });

  onVirtualCluster('that is not updated node by node is refused with the remedy', async () => {
    const onDelete = (stack: KubeObject[]) =>
      everywhere(stack).map((object) =>
        object.kind === 'DaemonSet'
          ? { ...object, spec: { ...(object as DaemonSet).spec, updateStrategy: { type: 'OnDelete' } } }
          : object,
      );
    const scene = await declared({ objects: onDelete, spec: { targetRef } });
    await scene.ground.startController();
    await scene.ground.elapse(30_000);
    const { said } = await scene.story();
    expect(said[0]).toMatch(/^daemonset podinfo.test must have RollingUpdate strategy but have OnDelete; /);
  });
});

describe('a Service', () => {
  const targetRef = { apiVersion: 'v1', kind: 'Service', name: 'podinfo' };
  const spec = { provider: 'kubernetes', targetRef, service: { port: 80 } };
  const analysis = { stepWeight: undefined, maxWeight: undefined, iterations: 2 };

  /** Its pods are somebody else's: which of them it selects is what is released. */
  const alone = (stack: KubeObject[]) =>
    stack.flatMap((object) => (isTarget(object) ? [selecting('v1')] : [object]));

  function selecting(version: string): KubeObject {
    const metadata = { name: 'podinfo', namespace };
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'podinfo', version }, ports: [{ port: 80 }] },
    } as KubeObject;
  }

  const versionOf = async (scene: Scene, name: string) =>
    ((await scene.ground.cluster.get(Services, key(name))) as Service).spec.selector?.version;
  const point = (scene: Scene, version: string) =>
    scene.ground.cluster.patch(Services, key('podinfo'), 'merge', { spec: { selector: { version } } });

  it('has its change analysed before the primary gets it, and no workload is touched', async () => {
    const scene = await given({ objects: alone, spec, analysis });
    await point(scene, 'v2');
    await scene.hears('Advance podinfo.test canary iteration 1/2');
    expect([await versionOf(scene, 'podinfo-canary'), await versionOf(scene, 'podinfo-primary')]).toEqual([
      'v2',
      'v1',
    ]);
    await scene.reaches('Succeeded');
    expect(await versionOf(scene, 'podinfo-primary')).toBe('v2');
    await expect(scene.ground.cluster.get(Deployments, key('podinfo-primary'))).rejects.toThrow('not found');
  });

  it('whose checks fail leaves the primary as it was', async () => {
    const scene = await given({
      objects: alone,
      spec,
      analysis: { ...analysis, webhooks: [hook('rollout', 'gate/halt')] },
    });
    await point(scene, 'v2');
    await scene.reaches('Failed');
    expect(await versionOf(scene, 'podinfo-primary')).toBe('v1');
  });
});

describe('a Deployment that KEDA scales', () => {
  const autoscalerRef = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'podinfo' };
  const paused = 'autoscaling.keda.sh/paused-replicas';
  const scaler: KubeObject = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'podinfo', namespace },
    spec: {
      scaleTargetRef: { name: 'podinfo' },
      minReplicaCount: 2,
      maxReplicaCount: 4,
      triggers: [{ type: 'prometheus', metadata: { query: 'sum(rate(requests{app="podinfo"}[1m]))' } }],
    },
  } as KubeObject;
  const objects = (stack: KubeObject[]) => [
    definition('keda.sh', 'v1alpha1', 'ScaledObject', 'scaledobjects'),
    ...stack.slice(0, -1),
    scaler,
    ...stack.slice(-1),
  ];
  const pauseOf = async (scene: Scene, name: string) =>
    (await scene.ground.cluster.get(ScaledObjects, key(name))).metadata.annotations?.[paused];

  onVirtualCluster('is paused at rest and scaled in a run; the primary has a scaler of its own', async () => {
    const scene = await given({ objects, spec: { autoscalerRef } });
    const { spec } = await scene.ground.cluster.get(ScaledObjects, key('podinfo-primary'));
    expect(spec).toMatchObject({
      scaleTargetRef: { name: 'podinfo-primary' },
      triggers: [{ metadata: { query: 'sum(rate(requests{app="podinfo-primary"}[1m]))' } }],
    });
    expect([await pauseOf(scene, 'podinfo'), await pauseOf(scene, 'podinfo-primary')]).toEqual([
      '0',
      undefined,
    ]);
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    expect(await pauseOf(scene, 'podinfo')).toBeUndefined();
    expect(await scene.replicas('podinfo')).toBe(2);
    await scene.reaches('Succeeded');
    expect([await pauseOf(scene, 'podinfo'), await pauseOf(scene, 'podinfo-primary')]).toEqual([
      '0',
      undefined,
    ]);
    expect(await scene.replicas('podinfo')).toBe(0);
  });

  onVirtualCluster('gets its scaler back when the canary is deleted', async () => {
    const scene = await given({ objects, spec: { autoscalerRef, revertOnDeletion: true } });
    await scene.ground.cluster.delete(Canaries, key('podinfo'));
    await scene.hears('Terminated canary podinfo.test');
    expect(await pauseOf(scene, 'podinfo')).toBeUndefined();
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });
});
