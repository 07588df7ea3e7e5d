import { Canaries } from '../../lib/api/canary.js';
import { ConfigMaps, Deployments, Ingresses } from '../../lib/api/workloads.js';
import type { Plan } from '../../lib/deploy/plan.js';
import { release } from '../sim/podinfo.js';
import { configMap, createStage, type Stage, shop } from './stage.js';

const key = { namespace: 'test', name: 'podinfo' };

async function initialized(): Promise<Stage> {
  const stage = createStage();
  await stage.apply(await stage.plan(shop()));
  await stage.world.startController();
  await stage.deploy(shop());
  stage.told.length = 0;
  return stage;
}

test('a program in any order becomes a running, initialised application', async () => {
  const stage = await initialized();
  const { status } = await stage.world.cluster.get(Canaries, key);
  expect(status?.phase).toBe('Initialized');
});

test('definitions and namespaces come first, canaries last', async () => {
  const stage = createStage();
  await stage.apply(await stage.plan(shop()));
  const kinds = stage.told.map((line) => line.split(' ')[1]);
  expect(kinds.slice(0, 5)).toEqual([
    ...Array(3).fill('CustomResourceDefinition'),
    ...Array(2).fill('Namespace'),
  ]);
  expect(kinds.at(-1)).toBe('Canary');
});

test('a second deployment of the same program changes nothing, during a release too', async () => {
  const stage = await initialized();
  await stage.world.clock.advance(60_000);
  const idle = await stage.plan(shop());
  expect(idle.steps.filter(({ action }) => action !== 'keep')).toEqual([]);
  await stage.apply(await stage.plan(shop('6.9.1')));
  await stage.world.clock.advance(45_000);
  expect((await stage.world.cluster.get(Canaries, key)).status?.phase).toBe('Progressing');
  const during = await stage.plan(shop('6.9.1'));
  expect(during.steps.filter(({ action }) => action !== 'keep')).toEqual([]);
});

test('a new image is shown, released step by step, and waited for', async () => {
  const stage = await initialized();
  const plan = await stage.plan(shop('6.9.1'));
  expect(plan.steps.filter(({ action }) => action !== 'keep').map(({ fields }) => fields)).toEqual([
    [
      {
        path: 'spec.template.spec.containers[podinfo].image',
        before: `"${release('6.9.0')}"`,
        after: `"${release('6.9.1')}"`,
      },
    ],
  ]);
  await stage.deploy(shop('6.9.1'));
  expect(stage.told).toContain('waiting Canary test/podinfo: Progressing, 20 percent');
  expect(stage.told.at(-1)).toBe('ready Canary test/podinfo: Succeeded');
  const primary = await stage.world.cluster.get(Deployments, { namespace: 'test', name: 'podinfo-primary' });
  expect(primary.spec.template.spec.containers[0]?.image).toBe(release('6.9.1'));
});

test('a faulty image ends in an error that says what was measured', async () => {
  const stage = await initialized();
  stage.world.behave(/6\.9\.2/, { errorRate: 0.3 });
  await expect(stage.deploy(shop('6.9.2'))).rejects.toMatchObject({
    code: 'DEPLOY_ROLLED_BACK',
    path: 'Canary test/podinfo',
    message: expect.stringMatching(/rolled back: .*success rate \d+\.\d+% < 99%/),
  });
});

test('going back to what is promoted is done at once', async () => {
  const stage = await initialized();
  stage.world.behave(/6\.9\.2/, { errorRate: 0.3 });
  await expect(stage.deploy(shop('6.9.2'))).rejects.toThrow();
  await stage.deploy(shop('6.9.0'));
  await stage.world.clock.advance(10_000);
  const { lastPromotedSpec, lastAppliedSpec } = (await stage.world.cluster.get(Canaries, key)).status ?? {};
  expect(lastAppliedSpec).toBe(lastPromotedSpec);
});

test('without a controller the wait ends, and says so', async () => {
  const stage = createStage();
  await expect(stage.deploy(shop(), {}, 60_000)).rejects.toMatchObject({
    code: 'DEPLOY_TIMEOUT',
    message: expect.stringContaining('no controller has looked at it yet'),
  });
});

function memberLabels({ steps }: Plan): Record<string, string> {
  const { labels = {} } = steps.at(-1)!.item.object.metadata;
  return labels;
}

describe('replicas that the controller has set', () => {
  const counted = (tag: string, replicas: number) =>
    shop(tag).map((object) =>
      object.kind === 'Deployment' && object.metadata.name === 'podinfo'
        ? { ...object, spec: { ...(object as { spec?: object }).spec, replicas } }
        : object,
    );

  test('are left to it, though the program names a number', async () => {
    const stage = createStage();
    await stage.apply(await stage.plan(counted('6.9.0', 2)));
    await stage.world.startController();
    await stage.deploy(counted('6.9.0', 2));
    await stage.world.clock.advance(30_000);
    expect((await stage.world.cluster.get(Deployments, key)).spec.replicas).toBe(0);
    await stage.deploy(counted('6.9.1', 2));
    await stage.world.clock.advance(30_000);
    expect((await stage.world.cluster.get(Deployments, key)).spec.replicas).toBe(0);
  });
});

describe('what the program no longer names', () => {
  const settings = { namespace: 'default', name: 'settings' };

  test('is deleted, and nothing else', async () => {
    const stage = createStage();
    stage.world.apply([configMap('theirs', { a: '1' })]);
    await stage.deploy([configMap('settings', { a: '1' }), configMap('kept', { a: '1' })]);
    const plan = await stage.plan([configMap('kept', { a: '1' })]);
    expect(plan.orphans.map(({ object }) => object.metadata.name)).toEqual(['settings']);
    await stage.apply(plan);
    expect(stage.told.at(-1)).toBe('delete ConfigMap settings');
    await expect(stage.world.cluster.get(ConfigMaps, settings)).rejects.toThrow('not found');
    const left = await stage.world.cluster.list(ConfigMaps, { namespace: 'default' });
    expect(left.items.map(({ metadata }) => metadata.name)).toEqual(['kept', 'perch-shop', 'theirs']);
  });

  test('is not what the controller has made of it, though it copies labels', async () => {
    const stage = await initialized();
    const { cluster } = stage.world;
    const copy = await cluster.get(Ingresses, { namespace: 'test', name: 'podinfo-canary' });
    expect(Object.keys(copy.metadata.labels ?? {})).not.toContain('applyset.kubernetes.io/part-of');
    const labels = memberLabels(await stage.plan(shop()));
    await cluster.patch(Ingresses, { namespace: 'test', name: 'podinfo-canary' }, 'merge', {
      metadata: { labels },
    });
    expect((await stage.plan(shop())).orphans).toEqual([]);
  });

  test('is found in a namespace and of a kind that the program no longer uses', async () => {
    const stage = createStage();
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old' } };
    await stage.deploy([namespace, configMap('settings', {}, 'old')]);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    };
    const plan = await stage.plan([service]);
    expect(plan.orphans.map(({ object }) => object.metadata)).toMatchObject([
      { namespace: 'old', name: 'settings' },
    ]);
    await stage.apply(plan);
    expect((await stage.plan([service])).orphans).toEqual([]);
  });

  test('stays while pruning is off', async () => {
    const stage = createStage();
    await stage.deploy([configMap('settings', {})]);
    expect((await stage.plan([], { prune: false })).orphans).toEqual([]);
  });

  test('stays when it is a namespace, which others may use', async () => {
    const stage = createStage();
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shared' } };
    await stage.deploy([namespace, configMap('settings', {})]);
    const plan = await stage.plan([configMap('settings', {})]);
    expect(plan.orphans).toEqual([]);
  });
});
