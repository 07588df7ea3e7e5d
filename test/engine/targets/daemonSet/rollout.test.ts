import { type DaemonSet, DaemonSets, Deployments, Services } from '../../../../lib/api/workloads.js';
import { daemonSetReadiness } from '../../../../lib/engine/targets/daemonSet/readiness.js';
import { initialized, NAMESPACE, podinfo, podinfoCanary, type World } from '../../world.js';

const targetRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'podinfo' } as const;

function daemonSet(spec: Partial<DaemonSet['spec']> = {}): DaemonSet {
  const { metadata, spec: deployment } = podinfo();
  const { selector, template } = deployment;
  return { metadata, spec: { selector, template, minReadySeconds: 3, ...spec } };
}

async function running(spec: Partial<DaemonSet['spec']> = {}): Promise<World> {
  return initialized(podinfoCanary({ threshold: 2 }, { targetRef }), {}, ({ cluster }) => {
    void cluster.delete(Deployments, { namespace: NAMESPACE, name: 'podinfo' });
    cluster.seed(DaemonSets, daemonSet(spec));
  });
}

const find = (world: World, name: string) => world.cluster.find(DaemonSets, { namespace: NAMESPACE, name });
const selectorOf = (world: World, name: string) => find(world, name)?.spec.template.spec.nodeSelector;
const imageOf = (world: World, name: string) => find(world, name)?.spec.template.spec.containers[0]?.image;
const release = (world: World, image: string) =>
  world.cluster.edit(DaemonSets, NAMESPACE, 'podinfo', ({ spec }) => {
    spec.template.spec.containers[0]!.image = image;
  });

describe('a DaemonSet', () => {
  it('gets a primary and sleeps where there is no node for it', async () => {
    const world = await running();
    expect(world.canary().status?.phase).toBe('Initialized');
    expect(find(world, 'podinfo-primary')?.spec).toMatchObject({
      minReadySeconds: 3,
      selector: { matchLabels: { app: 'podinfo-primary' } },
    });
    expect(selectorOf(world, 'podinfo')).toEqual({ 'flagger.app/scale-to-zero': 'true' });
    expect(selectorOf(world, 'podinfo-primary')).toBeUndefined();
    const apex = world.cluster.find(Services, { namespace: NAMESPACE, name: 'podinfo' });
    expect(apex?.spec.selector).toEqual({ app: 'podinfo-primary' });
    await world.controller.stop();
  });

  it('is promoted step by step, and sleeping or waking is no new revision', async () => {
    const world = await running();
    release(world, 'podinfo:2.0.0');
    await world.clock.advance(10_000);
    expect(world.canary().status?.phase).toBe('Progressing');
    expect(selectorOf(world, 'podinfo')).toEqual({});
    await world.clock.advance(150_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    expect(imageOf(world, 'podinfo-primary')).toBe('podinfo:2.0.0');
    expect(selectorOf(world, 'podinfo')).toEqual({ 'flagger.app/scale-to-zero': 'true' });
    expect(world.events().filter((text) => text.startsWith('New revision'))).toHaveLength(1);
    await world.controller.stop();
  });

  it('is rolled back', async () => {
    const world = await running();
    world.metric = () => ({ kind: 'value', value: 1 });
    release(world, 'podinfo:2.0.0');
    await world.clock.advance(60_000);
    expect(world.canary().status?.phase).toBe('Failed');
    expect(imageOf(world, 'podinfo-primary')).toBe('podinfo:1.0.0');
    expect(selectorOf(world, 'podinfo')).toEqual({ 'flagger.app/scale-to-zero': 'true' });
    await world.controller.stop();
  });

  it('that replaces its pods only by hand cannot be released', async () => {
    const world = await running({ updateStrategy: { type: 'OnDelete' } });
    expect(world.events()).toContainEqual(
      expect.stringContaining('daemonset podinfo.test must have RollingUpdate strategy but have OnDelete'),
    );
    expect(find(world, 'podinfo-primary')).toBeUndefined();
    await world.controller.stop();
  });
});

describe('the readiness of a DaemonSet', () => {
  const at = Date.parse('2026-01-01T00:00:00Z');
  const canary = { ...podinfoCanary(), status: { lastTransitionTime: '2026-01-01T00:00:00Z' } };
  const readiness = (status: DaemonSet['status'], now = at, threshold = 100) =>
    daemonSetReadiness(canary, { ...daemonSet(), status: status! }, threshold, now);

  it.each([
    [{ desiredNumberScheduled: 3, updatedNumberScheduled: 1 }, '1 out of 3 new pods have been updated'],
    [
      { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
      '2 of 3 updated pods are available',
    ],
  ])('waits with %j', (status, tail) => {
    expect(readiness(status)).toEqual({
      ready: false,
      retriable: true,
      message: `waiting for rollout to finish: ${tail}`,
      deadlineAt: at + 60_000,
    });
    expect(readiness(status, at + 60_000)).toEqual({
      ready: false,
      retriable: false,
      message: 'exceeded its progressDeadlineSeconds: 60',
    });
  });

  it('is given with enough of the pods, or where there are no nodes', () => {
    const status = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 };
    expect(readiness(status, at, 67)).toEqual({ ready: true });
    expect(readiness({})).toEqual({ ready: true });
  });
});
