import type { KubeObject } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments } from '../../lib/api/workloads.js';
import { ApiError } from '../../lib/ports/cluster.js';
import type { ApiRequest } from '../../lib/sim/cluster/virtualCluster.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';
import { messages, statusOf } from './stage.js';

/* An API server that errs, or forgets something for a moment, starts nothing and ends nothing. */

type Fault = (request: ApiRequest) => boolean;
const config = { namespace, name: 'podinfo-env' };

/** podinfo, which reads a ConfigMap, and a controller whose requests fail while `fault` says so. */
async function ruled(optional = false): Promise<{ world: World; fail(fault: Fault | undefined): void }> {
  const world = createWorld({});
  let fault: Fault | undefined;
  const stack = podinfo('6.9.0', { webhooks: [], metrics: [], interval: '10s', stepWeight: 25 });
  const reading = stack.flatMap((item) => {
    if (item.kind !== 'Deployment' || item.metadata.name !== 'podinfo') return [item];
    const target = structuredClone(item) as KubeObject & {
      spec: { template: { spec: { containers: object[] } } };
    };
    const envFrom = [{ configMapRef: { name: config.name, optional } }];
    Object.assign(target.spec.template.spec.containers[0]!, { envFrom });
    return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: config, data: { COLOR: 'blue' } }, target];
  });
  world.apply(reading);
  await world.startController({
    intercept(request) {
      if (fault?.(request)) throw new ApiError(503, 'ServiceUnavailable', 'the server is starting');
    },
  });
  await phaseIs(world, 'Initialized');
  return {
    world,
    fail: (next) => {
      fault = next;
    },
  };
}

async function phaseIs(world: World, phase: string): Promise<void> {
  const reached = await world.clock.runUntil(async () => (await statusOf(world))?.phase === phase, 600_000);
  if (!reached) throw new Error(`never ${phase}:\n${messages(world).join('\n')}`);
  await world.clock.advance(500);
}

const begun = (world: World) => messages(world).filter((text) => text.startsWith('New revision'));

describe('nothing starts', () => {
  it('while every request fails, and watches are cut', async () => {
    const { world, fail } = await ruled();
    fail(() => true);
    world.disconnect();
    await world.clock.advance(60_000);
    fail(undefined);
    await world.clock.advance(300_000);
    expect((await statusOf(world))?.phase).toBe('Initialized');
    expect(begun(world)).toEqual([]);
  });

  it('while ConfigMaps cannot be read, though one was written again as it was', async () => {
    const { world, fail } = await ruled();
    fail(({ kind }) => kind === 'ConfigMap');
    world.disconnect();
    await world.cluster.patch(ConfigMaps, config, 'merge', { metadata: { labels: { touched: 'yes' } } });
    await world.clock.advance(60_000);
    fail(undefined);
    await world.clock.advance(300_000);
    expect(begun(world)).toEqual([]);
  });

  it.each([false, true])('while a ConfigMap is gone for a moment (optional: %s)', async (optional) => {
    const { world } = await ruled(optional);
    const live = await world.cluster.get(ConfigMaps, config);
    await world.cluster.delete(ConfigMaps, config);
    await world.clock.advance(30_000);
    await world.cluster.create(ConfigMaps, { ...live, metadata: { ...config } });
    await world.clock.advance(300_000);
    expect((await statusOf(world))?.phase).toBe('Initialized');
    expect(begun(world)).toEqual([]);
  });

  it('when the target is deleted and comes back as it was', async () => {
    const { world } = await ruled();
    const target = { namespace, name: 'podinfo' };
    const { spec, metadata } = await world.cluster.get(Deployments, target);
    await world.cluster.delete(Deployments, target);
    await world.clock.advance(30_000);
    const { labels = {}, annotations = {} } = metadata;
    await world.cluster.create(Deployments, { metadata: { ...target, labels, annotations }, spec });
    await world.clock.advance(300_000);
    expect(begun(world)).toEqual([]);
    expect(world.route({ host, path: '/' })).toMatchObject([
      { share: 1, pods: [{ image: release('6.9.0') }] },
    ]);
  });
});

describe('a run goes on', () => {
  it.each<[string, Fault]>([
    ['every request fails', () => true],
    ['nothing can be written', ({ verb }) => !['get', 'list', 'watch'].includes(verb)],
    ['the status cannot be written', ({ verb }) => verb === 'updateStatus'],
    ['ConfigMaps cannot be read', ({ kind }) => kind === 'ConfigMap'],
    ['routes cannot be written', ({ kind, verb }) => kind === 'Ingress' && verb !== 'watch'],
  ])('where it was, after a while in which %s', async (_, fault) => {
    const { world, fail } = await ruled();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    const isUnderWay = async () => (await statusOf(world))?.canaryWeight === 25;
    await world.clock.runUntil(isUnderWay, 120_000);
    fail(fault);
    world.disconnect();
    await world.clock.advance(45_000);
    expect(['Progressing', 'Promoting']).toContain((await statusOf(world))?.phase);
    fail(undefined);
    await phaseIs(world, 'Succeeded');
    expect(begun(world)).toHaveLength(1);
    const weights = messages(world).filter((text) => text.startsWith('Advance'));
    expect(weights).toEqual([25, 50].map((weight) => `Advance podinfo.test canary weight ${weight}`));
  });
});

it('a controller that may not list ConfigMaps says so of the canary that needs them, with the remedy', async () => {
  const world = createWorld({});
  world.apply(podinfo('6.9.0', { webhooks: [], metrics: [] }));
  let forbidden = true;
  await world.startController({
    intercept({ kind, verb }) {
      if (forbidden && kind === 'ConfigMap' && (verb === 'list' || verb === 'watch')) {
        throw new ApiError(403, 'Forbidden', 'configmaps is forbidden');
      }
    },
  });
  await phaseIs(world, 'Initialized');
  const { spec } = await world.cluster.get(Deployments, { namespace, name: 'podinfo' });
  const containers = spec.template.spec.containers.map((container) => ({
    ...container,
    envFrom: [{ configMapRef: { name: config.name } }],
  }));
  await world.cluster.create(ConfigMaps, { metadata: config, data: { COLOR: 'blue' } });
  await world.cluster.patch(Deployments, { namespace, name: 'podinfo' }, 'merge', {
    spec: { template: { spec: { containers } } },
  });
  await world.clock.advance(120_000);
  const told = world.events().filter(({ message }) => message.includes('list and watch configmaps'));
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(15);
  expect(told[0]).toMatchObject({ type: 'Warning', involvedObject: { kind: 'Canary', name: 'podinfo' } });
  expect(told[0]!.message).toContain('give its ServiceAccount the verbs get, list and watch on configmaps');
  expect((await statusOf(world))?.phase).toBe('Initialized');
  forbidden = false;
  await phaseIs(world, 'Succeeded');
});
