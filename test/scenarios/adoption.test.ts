import { Canaries, type CanaryStatus } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments } from '../../lib/api/workloads.js';
import { namespace } from '../sim/podinfo.js';
import { given, hook, type Scene } from './scene.js';

/* Taking over starts nothing: from Flagger in any phase, from an earlier perch, from an older Kubernetes. */

const key = { namespace, name: 'podinfo' };
const old = '5498f4fcd6';
const olds: Partial<CanaryStatus> = { lastAppliedSpec: old, lastPromotedSpec: old };
const ofFlagger: readonly (keyof CanaryStatus)[] = [
  'phase',
  'failedChecks',
  'canaryWeight',
  'iterations',
  'trackedConfigs',
  'lastTransitionTime',
];

/** A target that reads a ConfigMap. */
function withConfig(objects: KubeObject[]): KubeObject[] {
  const config = { ...object('ConfigMap', 'podinfo-env'), data: { COLOR: 'blue' } } as KubeObject;
  const isTarget = ({ kind, metadata }: KubeObject) => kind === 'Deployment' && metadata.name === 'podinfo';
  return objects.flatMap((item) => (isTarget(item) ? [config, readingConfig(item)] : [item]));
}

function readingConfig(target: KubeObject): KubeObject {
  const copy = structuredClone(target) as KubeObject & {
    spec: { template: { spec: { containers: object[] } } };
  };
  Object.assign(copy.spec.template.spec.containers[0]!, {
    envFrom: [{ configMapRef: { name: 'podinfo-env' } }],
  });
  return copy;
}

function object(kind: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace } };
}

/** Leaves the cluster as Flagger would have: its hashes in the status, and nothing of perch's anywhere. */
async function asFlaggerLeftIt(scene: Scene, change: Partial<CanaryStatus> = {}): Promise<void> {
  await scene.ground.stopController();
  const { cluster } = scene.ground;
  const canary = await cluster.get(Canaries, key);
  const kept = Object.fromEntries(ofFlagger.map((field) => [field, canary.status?.[field]]));
  const promoted = canary.status?.conditions?.filter(({ type }) => type === 'Promoted');
  const status = JSON.parse(JSON.stringify({ ...kept, conditions: promoted, ...olds, ...change }));
  await cluster.updateStatus(Canaries, { ...canary, status });
  const annotations = { 'flagger.app/perch-revision': null, 'flagger.app/perch-configs': null };
  await cluster.patch(Deployments, { namespace, name: 'podinfo-primary' }, 'merge', {
    metadata: { annotations },
  });
}

const nothingElse = ['Progressing', 'Waiting'];

describe('a canary that Flagger left', () => {
  it.each(['Initialized', 'Succeeded'])(
    '%s starts nothing, and its next revision is released',
    async (phase) => {
      const scene = await given({ objects: withConfig });
      if (phase === 'Succeeded') {
        await scene.release('6.9.1');
        await scene.reaches('Succeeded');
      }
      await asFlaggerLeftIt(scene);
      await scene.ground.startController();
      await scene.ground.elapse(300_000);
      expect((await scene.status()).phase).toBe(phase);
      expect(await scene.replicas('podinfo')).toBe(0);
      await scene.release('6.9.2');
      await scene.reaches('Succeeded');
      expect(await scene.image('podinfo-primary')).toBe('6.9.2');
    },
  );

  it('Failed starts nothing, keeps its traffic on the primary, and its next revision is released', async () => {
    const scene = await given({
      objects: withConfig,
      analysis: { webhooks: [hook('rollout', 'gate/check')] },
    });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    await asFlaggerLeftIt(scene, { lastAppliedSpec: 'another' });
    await scene.ground.startController();
    await scene.ground.elapse(300_000);
    expect((await scene.status()).phase).toBe('Failed');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    await scene.ground.gate('gate/open');
    await scene.release('6.9.2');
    await scene.reaches('Succeeded');
  });

  it('Waiting goes on waiting for its approval', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-rollout', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await asFlaggerLeftIt(scene);
    await scene.ground.startController();
    await scene.ground.elapse(120_000);
    expect((await scene.status()).phase).toBe('Waiting');
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
  });

  it('Progressing goes on at its weight', async () => {
    const scene = await given({ objects: withConfig });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await asFlaggerLeftIt(scene, { lastAppliedSpec: 'another' });
    await scene.ground.startController();
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said.filter((text) => text.startsWith('New revision'))).toHaveLength(1);
  });

  it('WaitingPromotion goes on waiting, with the traffic where Flagger had it', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-promotion', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('WaitingPromotion');
    await asFlaggerLeftIt(scene, { lastAppliedSpec: 'another', canaryWeight: 0, iterations: -1 });
    await scene.ground.startController();
    await scene.ground.elapse(60_000);
    expect((await scene.status()).phase).toBe('WaitingPromotion');
    expect(scene.ground.users()).toEqual({ '6.9.0': 50, '6.9.1': 50 });
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });

  it.each([
    ['Promoting', 50],
    ['Finalising', 0],
  ] as const)('%s is brought to its end', async (phase, canaryWeight) => {
    const scene = await given({ objects: withConfig });
    await scene.release('6.9.1');
    await scene.hears('Copying podinfo.test template spec to podinfo-primary.test');
    await asFlaggerLeftIt(scene, { lastAppliedSpec: 'another', phase, canaryWeight });
    await scene.ground.startController();
    await scene.reaches('Succeeded');
    await scene.ground.elapse(300_000);
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
    const { phases } = await scene.story();
    expect(phases.slice(phases.indexOf('Succeeded'))).toEqual(['Succeeded']);
  });

  it('with configs that Flagger reads otherwise starts nothing', async () => {
    const scene = await given({ objects: withConfig });
    await asFlaggerLeftIt(scene, { trackedConfigs: { 'configmap/podinfo-env': '0000000000000000' } });
    await scene.ground.startController();
    await scene.ground.elapse(300_000);
    expect((await scene.status()).phase).toBe('Initialized');
    const config = await scene.ground.cluster.get(ConfigMaps, { namespace, name: 'podinfo-env' });
    await scene.ground.cluster.update(ConfigMaps, { ...config, data: { COLOR: 'green' } });
    await scene.reaches('Succeeded');
  });
});

describe('an upgrade', () => {
  it.each(['Initialized', 'Failed'])('of perch to other hashes starts nothing in %s', async (phase) => {
    const scene = await given({
      objects: withConfig,
      analysis: { webhooks: [hook('rollout', 'gate/halt')] },
    });
    if (phase === 'Failed') {
      await scene.release('6.9.1');
      await scene.reaches('Failed');
    }
    await scene.ground.stopController();
    const canary = await scene.ground.cluster.get(Canaries, key);
    const hashes = { lastAppliedSpec: 'p0:1', lastPromotedSpec: phase === 'Failed' ? 'p0:0' : 'p0:1' };
    await scene.ground.cluster.updateStatus(Canaries, { ...canary, status: { ...canary.status, ...hashes } });
    await scene.ground.startController();
    await scene.ground.elapse(300_000);
    expect((await scene.status()).phase).toBe(phase);
    expect(await scene.replicas('podinfo')).toBe(0);
  });

  it.each([
    ['the primary first', ['podinfo-primary', 'podinfo']],
    ['the target first', ['podinfo', 'podinfo-primary']],
  ])('of Kubernetes that fills in new fields of a pod template starts nothing: %s', async (_, names) => {
    const scene = await given({ objects: withConfig });
    await scene.ground.stopController();
    for (const name of names) {
      await scene.ground.cluster.patch(Deployments, { namespace, name }, 'merge', {
        spec: { template: { spec: { hostUsers: true } } },
      });
    }
    await scene.ground.startController();
    await scene.ground.elapse(300_000);
    expect((await scene.story()).phases.filter((phase) => nothingElse.includes(phase))).toEqual([]);
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });

  it('of Kubernetes does not hide a change of the configs', async () => {
    const scene = await given({ objects: withConfig });
    await scene.ground.stopController();
    for (const name of ['podinfo', 'podinfo-primary']) {
      await scene.ground.cluster.patch(Deployments, { namespace, name }, 'merge', {
        spec: { template: { spec: { hostUsers: true } } },
      });
    }
    const config = await scene.ground.cluster.get(ConfigMaps, { namespace, name: 'podinfo-env' });
    await scene.ground.cluster.update(ConfigMaps, { ...config, data: { COLOR: 'green' } });
    await scene.ground.startController();
    await scene.reaches('Succeeded');
  });
});
