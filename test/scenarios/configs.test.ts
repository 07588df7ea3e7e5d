import { Canaries } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments, Secrets } from '../../lib/api/workloads.js';
import { judge } from '../../lib/deploy/outcome.js';
import { namespace } from '../sim/podinfo.js';
import { control, given, hook, type Scene } from './scene.js';

/* ConfigMaps and Secrets of the target: what changes in them is released like a new template. */

const object = (kind: string, name: string, more: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace },
  ...more,
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** podinfo with a ConfigMap in its environment, a Secret in a volume, and a ConfigMap that is not tracked. */
function reading(stack: KubeObject[]): KubeObject[] {
  const loose = object('ConfigMap', 'loose', { data: { A: '1' } });
  loose.metadata.annotations = { 'flagger.app/config-tracking': 'disabled' };
  const configs = [
    object('ConfigMap', 'colours', { data: { COLOR: 'blue' } }),
    object('Secret', 'key', { type: 'Opaque', data: { key: base64('one') } }),
    loose,
  ];
  return stack.flatMap((item) => {
    if (item.kind !== 'Deployment' || item.metadata.name !== 'podinfo') return [item];
    const target = structuredClone(item) as KubeObject & {
      spec: { template: { spec: { containers: object[]; volumes?: object[] } } };
    };
    const pod = target.spec.template.spec;
    Object.assign(pod.containers[0]!, {
      envFrom: [{ configMapRef: { name: 'colours' } }, { configMapRef: { name: 'loose' } }],
    });
    pod.volumes = [{ name: 'key', secret: { secretName: 'key' } }];
    return [...configs, target];
  });
}

const at = (name: string) => ({ namespace, name });

async function colour(scene: Scene, name = 'colours'): Promise<string | undefined> {
  return (await scene.ground.cluster.get(ConfigMaps, at(name))).data?.COLOR;
}

async function paint(scene: Scene, COLOR: string): Promise<void> {
  await scene.ground.cluster.patch(ConfigMaps, at('colours'), 'merge', { data: { COLOR } });
}

describe('a target that reads ConfigMaps and Secrets', () => {
  it('has a primary that reads copies of them, and those that are not tracked themselves', async () => {
    const scene = await given({ objects: reading });
    const { spec } = await scene.ground.cluster.get(Deployments, at('podinfo-primary'));
    expect(spec.template.spec).toMatchObject({
      containers: [
        { envFrom: [{ configMapRef: { name: 'colours-primary' } }, { configMapRef: { name: 'loose' } }] },
      ],
      volumes: [{ secret: { secretName: 'key-primary' } }],
    });
    expect(await colour(scene, 'colours-primary')).toBe('blue');
    expect(Object.keys((await scene.status()).trackedConfigs ?? {})).toEqual([
      'configmap/colours',
      'secret/key',
    ]);
  });

  it('is released when one of them changes, and the primary gets it only when the release is promoted', async () => {
    const scene = await given({ objects: reading });
    await paint(scene, 'green');
    await scene.reachesWeight(25);
    expect(await colour(scene, 'colours-primary')).toBe('blue');
    await scene.reaches('Succeeded');
    expect(await colour(scene, 'colours-primary')).toBe('green');
  });

  it('is released when a Secret changes, of which nothing is said', async () => {
    const scene = await given({ objects: reading });
    await scene.ground.cluster.patch(Secrets, at('key'), 'merge', { data: { key: base64('hunter2') } });
    await scene.reaches('Progressing');
    await scene.reaches('Succeeded');
    const { data } = await scene.ground.cluster.get(Secrets, at('key-primary'));
    expect(data?.key).toBe(base64('hunter2'));
    const words = JSON.stringify([await scene.story(), await scene.status()]);
    expect(words).not.toContain('hunter2');
    expect(words).not.toContain(base64('hunter2'));
  });

  it('is not released when one changes that is not tracked, or what is not data', async () => {
    const scene = await given({ objects: reading });
    await scene.ground.cluster.patch(ConfigMaps, at('loose'), 'merge', { data: { A: '2' } });
    const labels = { touched: 'yes' };
    await scene.ground.cluster.patch(ConfigMaps, at('colours'), 'merge', { metadata: { labels } });
    await scene.ground.elapse(120_000);
    expect((await scene.status()).phase).toBe('Initialized');
  });

  it('begins its run anew when one changes in the middle of it', async () => {
    const scene = await given({ objects: reading });
    await scene.release('6.9.1');
    await scene.reachesWeight(50);
    await paint(scene, 'green');
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 0, 25, 50, 0]);
    expect(said).toContain('New revision detected! Restarting analysis for podinfo.test');
  });

  it('keeps what the primary reads when the release fails', async () => {
    const scene = await given({
      objects: reading,
      analysis: { webhooks: [hook('rollout', 'gate/halt')] },
    });
    await paint(scene, 'red');
    await scene.reaches('Failed');
    expect(await colour(scene, 'colours-primary')).toBe('blue');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });

  it('is not ready while what changed in them has failed, and is released again by retry', async () => {
    const gate = hook('rollout', 'gate/check');
    const scene = await given({ objects: reading, analysis: { threshold: 1, webhooks: [gate] } });
    await paint(scene, 'red');
    await scene.reaches('Failed');
    await scene.ground.elapse(10_000);
    const canary = await scene.ground.cluster.get(Canaries, at('podinfo'));
    const ready = canary.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.status).toBe('False');
    expect([judge(canary), judge(canary, canary.status?.lastAppliedSpec)]).toEqual(['failed', 'failed']);
    await scene.ground.gate('gate/open');
    await control(scene, 'retry');
    await scene.reaches('Succeeded');
    expect(await colour(scene, 'colours-primary')).toBe('red');
  });

  it('does not begin while one that it cannot do without is missing, and says which', async () => {
    const scene = await given({ objects: reading });
    await scene.ground.cluster.delete(ConfigMaps, at('colours'));
    await scene.release('6.9.1');
    await scene.ground.elapse(60_000);
    expect((await scene.status()).phase).toBe('Initialized');
    expect((await scene.story()).said.some((text) => text.includes('colours'))).toBe(true);
    await scene.ground.apply([object('ConfigMap', 'colours', { data: { COLOR: 'blue' } })]);
    await scene.reaches('Succeeded');
  });
});
