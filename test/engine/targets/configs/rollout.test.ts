import { Canaries } from '../../../../lib/api/canary.js';
import { type ConfigMap, ConfigMaps, Deployments, Secrets } from '../../../../lib/api/workloads.js';
import { configReferences } from '../../../../lib/engine/targets/configs/references.js';
import { ApiError } from '../../../../lib/ports/cluster.js';
import type { MemoryCluster } from '../../memoryCluster.js';
import { initialized, NAMESPACE, podinfoCanary, type World } from '../../world.js';

const SECRET = 'aHVudGVyMg==';
const key = (name: string) => ({ namespace: NAMESPACE, name });

function seedConfigs(cluster: MemoryCluster): void {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels: { app: 'podinfo' } });
  cluster.seed(ConfigMaps, { metadata: metadata('settings'), data: { colour: 'blue' } });
  cluster.seed(Secrets, { metadata: metadata('password'), type: 'Opaque', data: { password: SECRET } });
  cluster.seed(Secrets, { metadata: metadata('token'), type: 'kubernetes.io/service-account-token' });
}

/** podinfo with a ConfigMap, two Secrets and an optional ConfigMap that is not there, at rest. */
async function configured(options: object = {}): Promise<World> {
  return initialized(podinfoCanary({ threshold: 2 }), options, ({ cluster }) => {
    seedConfigs(cluster);
    cluster.edit(Deployments, NAMESPACE, 'podinfo', ({ spec }) => {
      spec.template.spec.containers[0]!.envFrom = [
        { configMapRef: { name: 'settings' } },
        { secretRef: { name: 'password' } },
        { secretRef: { name: 'token' } },
        { configMapRef: { name: 'extra', optional: true } },
      ];
    });
  });
}

const paint = (world: World, colour: string) =>
  world.cluster.edit(ConfigMaps, NAMESPACE, 'settings', (config) => {
    config.data = { colour };
  });
const copyOf = (world: World): ConfigMap | undefined =>
  world.cluster.find(ConfigMaps, key('settings-primary'));
const namesOf = (world: World, deployment: string) =>
  configReferences(world.cluster.find(Deployments, key(deployment))!.spec.template.spec).map(
    ({ name }) => name,
  );

describe('tracked ConfigMaps and Secrets', () => {
  it('are copied for the primary, which refers to the copies; the target keeps its own', async () => {
    const world = await configured();
    expect(namesOf(world, 'podinfo-primary')).toEqual([
      'settings-primary',
      'password-primary',
      'token',
      'extra',
    ]);
    expect(namesOf(world, 'podinfo')).toEqual(['settings', 'password', 'token', 'extra']);
    expect(copyOf(world)).toMatchObject({
      data: { colour: 'blue' },
      metadata: { ownerReferences: [{ kind: 'Canary', name: 'podinfo', controller: true }] },
    });
    expect(world.cluster.find(Secrets, key('password-primary'))?.data).toEqual({ password: SECRET });
    expect(Object.keys(world.canary().status?.trackedConfigs ?? {}).sort()).toEqual([
      'configmap/settings',
      'secret/password',
    ]);
    await world.controller.stop();
  });

  it('are released when they change: the primary keeps the old ones until the new ones have passed', async () => {
    const world = await configured();
    const before = world.canary().status?.trackedConfigs?.['configmap/settings'];
    const said = world.events().length;
    paint(world, 'green');
    await world.clock.advance(200);
    expect(world.canary().status?.phase).toBe('Progressing');
    await world.clock.advance(20_000);
    expect(copyOf(world)?.data).toEqual({ colour: 'blue' });
    await world.clock.advance(120_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    expect(copyOf(world)?.data).toEqual({ colour: 'green' });
    expect(world.canary().status?.trackedConfigs?.['configmap/settings']).not.toBe(before);
    expect(world.events()[said]).toBe('New revision detected! Scaling up podinfo.test');
    await world.controller.stop();
  });

  it('stay as they were in production when the change fails', async () => {
    const world = await configured();
    world.metric = () => ({ kind: 'value', value: 1 });
    paint(world, 'red');
    await world.clock.advance(60_000);
    expect(world.canary().status?.phase).toBe('Failed');
    expect(copyOf(world)?.data).toEqual({ colour: 'blue' });
    await world.controller.stop();
  });

  it('restart the analysis when they change in the middle of it', async () => {
    const world = await configured();
    world.release('podinfo:2.0.0');
    await world.clock.advance(35_000);
    paint(world, 'green');
    await world.clock.advance(200);
    expect(world.events()).toContain('New revision detected! Restarting analysis for podinfo.test');
    expect(world.canary().status?.canaryWeight).toBe(5);
    await world.controller.stop();
  });

  it('cost nothing while nothing changes, and a change costs one request', async () => {
    const world = await configured();
    await world.clock.advance(3_600_000);
    expect(world.cluster.takeRequests()).toEqual([]);
    world.cluster.edit(ConfigMaps, NAMESPACE, 'settings', ({ metadata }) => {
      metadata.labels = { app: 'podinfo', touched: 'yes' };
    });
    await world.clock.advance(60_000);
    expect(world.cluster.takeRequests()).toEqual([{ verb: 'get', kind: 'ConfigMap', name: 'settings' }]);
    expect(world.canary().status?.phase).toBe('Initialized');
    await world.controller.stop();
  });

  describe('when Secrets may be read by name only', () => {
    const byName = { secretsByName: true };
    const turn = (world: World, password: string) =>
      world.cluster.edit(Secrets, NAMESPACE, 'password', (secret) => {
        secret.data = { password };
      });

    it('are watched one by one, and released when they change', async () => {
      const world = await configured(byName);
      expect(world.cluster.watched(Secrets).sort()).toEqual(['password', 'token']);
      turn(world, 'bmV3');
      await world.clock.advance(200);
      expect(world.canary().status?.phase).toBe('Progressing');
      await world.controller.stop();
    });

    it('are not watched any more when no pod names them', async () => {
      const world = await configured(byName);
      world.cluster.edit(Deployments, NAMESPACE, 'podinfo', ({ spec }) => {
        spec.template.spec.containers[0]!.envFrom = [{ secretRef: { name: 'token' } }];
      });
      await world.clock.advance(200_000);
      expect(world.canary().status?.phase).toBe('Succeeded');
      world.cluster.takeRequests();
      turn(world, 'bmV3');
      await world.clock.advance(60_000);
      expect(world.cluster.takeRequests()).toEqual([]);
      expect(world.cluster.watched(Secrets)).toEqual(['token']);
      await world.controller.stop();
    });

    it('hold the release up, with a word to the canary, while one is refused', async () => {
      const world = await configured(byName);
      world.cluster.refuse = ({ verb, kind, name }) =>
        verb === 'list' && kind === 'Secret' && name === 'other'
          ? new ApiError(403, 'Forbidden', 'secrets "other" is forbidden')
          : undefined;
      world.cluster.edit(Deployments, NAMESPACE, 'podinfo', ({ spec }) => {
        spec.template.spec.containers[0]!.envFrom = [{ secretRef: { name: 'other' } }];
      });
      await world.clock.advance(30_000);
      expect(world.canary().status?.phase).toBe('Initialized');
      expect(world.events()).toContainEqual(
        expect.stringContaining('list and watch secrets "other" in test'),
      );
      await world.controller.stop();
    });
  });

  it('start nothing when they are forgotten or refused for a moment', async () => {
    const world = await configured();
    const { spec: _, ...settings } = world.cluster.find(ConfigMaps, key('settings')) as ConfigMap & {
      spec?: 0;
    };
    await world.cluster.delete(ConfigMaps, key('settings'));
    await world.clock.advance(30_000);
    expect(world.events()).toContainEqual(
      expect.stringContaining('configmap settings.test get query error: configmaps "settings" not found'),
    );
    world.cluster.refuse = ({ verb, name }) =>
      verb === 'get' && name === 'settings' ? new ApiError(500, 'InternalError', 'etcd is tired') : undefined;
    world.cluster.seed(ConfigMaps, {
      metadata: { name: 'settings', namespace: NAMESPACE },
      data: settings.data!,
    });
    await world.clock.advance(30_000);
    world.cluster.refuse = () => undefined;
    await world.clock.advance(60_000);
    expect(world.canary().status?.phase).toBe('Initialized');
    expect(world.events().filter((text) => text.startsWith('New revision'))).toEqual([]);
    paint(world, 'green');
    await world.clock.advance(1_000);
    expect(world.canary().status?.phase).toBe('Progressing');
    await world.controller.stop();
  });

  it('may be missing when they are optional, and are released when they come', async () => {
    const world = await configured();
    world.cluster.seed(ConfigMaps, { metadata: { name: 'extra', namespace: NAMESPACE }, data: { a: '1' } });
    await world.clock.advance(140_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    expect(namesOf(world, 'podinfo-primary')).toContain('extra-primary');
    await world.cluster.delete(ConfigMaps, key('extra'));
    await world.clock.advance(60_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    await world.controller.stop();
  });

  it('are left alone where an annotation says so', async () => {
    const world = await configured();
    world.cluster.edit(ConfigMaps, NAMESPACE, 'settings', ({ metadata }) => {
      metadata.annotations = { 'flagger.app/config-tracking': 'disabled' };
    });
    await world.clock.advance(150_000);
    expect(namesOf(world, 'podinfo-primary')).toContain('settings');
    expect(Object.keys(world.canary().status?.trackedConfigs ?? {})).toEqual(['secret/password']);
    await world.controller.stop();
  });

  it('that were not tracked before are taken as released', async () => {
    const world = await configured({ configTracking: false });
    expect(world.canary().status?.trackedConfigs).toBeUndefined();
    expect(namesOf(world, 'podinfo-primary')).toEqual(['settings', 'password', 'token', 'extra']);
    await world.controller.stop();
    const next = await configured();
    next.cluster.edit(Canaries, NAMESPACE, 'podinfo', ({ status }) => {
      delete status!.trackedConfigs;
    });
    const said = next.events().length;
    await next.clock.advance(60_000);
    expect(next.canary().status).toMatchObject({ phase: 'Initialized' });
    expect(Object.keys(next.canary().status?.trackedConfigs ?? {})).toHaveLength(2);
    expect(next.events()).toHaveLength(said);
    await next.controller.stop();
  });

  it('never show what a Secret holds', async () => {
    const world = await configured();
    world.release('podinfo:2.0.0');
    await world.clock.advance(140_000);
    const shown = JSON.stringify([world.lines, world.events(), world.canary(), world.alerts, world.posts]);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain('hunter2');
    await world.controller.stop();
  });
});
