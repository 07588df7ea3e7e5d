import type { KubeObject } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments, Events } from '../../lib/api/workloads.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { namespace } from '../sim/podinfo.js';
import type { Fault } from './ground.js';
import { declared, given, type Scene } from './scene.js';

/* An API server that errs, or forgets something for a moment, starts nothing and ends nothing. */

const config = { namespace, name: 'podinfo-env' };

/** podinfo, which reads a ConfigMap. */
function ruled(optional = false): Promise<Scene> {
  const reading = (item: KubeObject): KubeObject[] => {
    if (item.kind !== 'Deployment' || item.metadata.name !== 'podinfo') return [item];
    const target = structuredClone(item) as KubeObject & {
      spec: { template: { spec: { containers: object[] } } };
    };
    const envFrom = [{ configMapRef: { name: config.name, optional } }];
    Object.assign(target.spec.template.spec.containers[0]!, { envFrom });
    const read = { apiVersion: 'v1', kind: 'ConfigMap', metadata: config, data: { COLOR: 'blue' } };
    return [read, target];
  };
  return given({ objects: (stack) => stack.flatMap(reading) });
}

async function expectNothingBegun(scene: Scene): Promise<void> {
  expect((await scene.status()).phase).toBe('Initialized');
  const { said } = await scene.story();
  expect(said.filter((text) => text.startsWith('New revision'))).toEqual([]);
}

describe('nothing starts', () => {
  it('while every request fails, and watches are cut', async () => {
    const scene = await ruled();
    scene.ground.fail(() => true);
    scene.ground.disconnect();
    await scene.ground.elapse(60_000);
    scene.ground.fail(undefined);
    await scene.ground.elapse(300_000);
    await expectNothingBegun(scene);
  });

  it('while ConfigMaps cannot be read, though one was written again as it was', async () => {
    const scene = await ruled();
    scene.ground.fail(({ kind }) => kind === 'ConfigMap');
    scene.ground.disconnect();
    const patch = { metadata: { labels: { touched: 'yes' } } };
    await scene.ground.cluster.patch(ConfigMaps, config, 'merge', patch);
    await scene.ground.elapse(60_000);
    scene.ground.fail(undefined);
    await scene.ground.elapse(300_000);
    await expectNothingBegun(scene);
  });

  it.each([false, true])('while a ConfigMap is gone for a moment (optional: %s)', async (optional) => {
    const scene = await ruled(optional);
    const { cluster } = scene.ground;
    const { data = {} } = await cluster.get(ConfigMaps, config);
    await cluster.delete(ConfigMaps, config);
    await scene.ground.elapse(30_000);
    await cluster.create(ConfigMaps, { metadata: { ...config }, data });
    await scene.ground.elapse(300_000);
    await expectNothingBegun(scene);
  });

  it('when the target is deleted and comes back as it was', async () => {
    const scene = await ruled();
    const { cluster } = scene.ground;
    const target = { namespace, name: 'podinfo' };
    const { spec, metadata } = await cluster.get(Deployments, target);
    await cluster.delete(Deployments, target);
    await scene.ground.elapse(30_000);
    const { labels = {}, annotations = {} } = metadata;
    await cluster.create(Deployments, { metadata: { ...target, labels, annotations }, spec });
    await scene.ground.elapse(300_000);
    await expectNothingBegun(scene);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
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
    const scene = await ruled();
    await scene.release('6.9.1');
    const isUnderWay = async () => (await scene.status()).canaryWeight === 25;
    expect(await scene.ground.until(isUnderWay, 120_000)).toBe(true);
    scene.ground.fail(fault);
    scene.ground.disconnect();
    await scene.ground.elapse(45_000);
    expect(['Progressing', 'Promoting']).toContain((await scene.status()).phase);
    scene.ground.fail(undefined);
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    expect(said.filter((text) => text.startsWith('New revision'))).toHaveLength(1);
    const weights = said.filter((text) => text.startsWith('Advance'));
    expect(weights).toEqual([25, 50].map((weight) => `Advance podinfo.test canary weight ${weight}`));
  });
});

it('a controller that may not list ConfigMaps says so of the canary that needs them, with the remedy', async () => {
  const scene = await declared();
  const { ground } = scene;
  ground.fail(
    ({ kind, verb }) => kind === 'ConfigMap' && (verb === 'list' || verb === 'watch'),
    new ApiError(403, 'Forbidden', 'configmaps is forbidden'),
  );
  await ground.startController();
  await scene.reaches('Initialized');
  const target = { namespace, name: 'podinfo' };
  const { spec } = await ground.cluster.get(Deployments, target);
  const envFrom = [{ configMapRef: { name: config.name } }];
  const containers = spec.template.spec.containers.map((container) => ({ ...container, envFrom }));
  await ground.cluster.create(ConfigMaps, { metadata: config, data: { COLOR: 'blue' } });
  const patch = { spec: { template: { spec: { containers } } } };
  await ground.cluster.patch(Deployments, target, 'merge', patch);
  await ground.elapse(120_000);
  const { items } = await ground.cluster.list(Events, { namespace });
  const told = items.filter(({ message }) => message.includes('list and watch configmaps'));
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(15);
  expect(told[0]).toMatchObject({ type: 'Warning', involvedObject: { kind: 'Canary', name: 'podinfo' } });
  expect(told[0]!.message).toContain('give its ServiceAccount the verbs get, list and watch on configmaps');
  expect((await scene.status()).phase).toBe('Initialized');
  ground.fail(undefined);
  await scene.reaches('Succeeded');
});
