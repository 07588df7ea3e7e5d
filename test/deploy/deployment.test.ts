import { Canaries } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { release } from '../sim/podinfo.js';
import { createStage, initialized, shop } from './stage.js';

const key = { namespace: 'test', name: 'podinfo' };

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
