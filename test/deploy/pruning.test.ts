import { Canaries } from '../../lib/api/canary.js';
import { defineKind, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments, Ingresses } from '../../lib/api/workloads.js';
import type { Plan } from '../../lib/deploy/plan.js';
import { unlessMissing } from '../../lib/ports/cluster.js';
import { release } from '../sim/podinfo.js';
import { configMap, createStage, definition, initialized, type Stage, shop } from './stage.js';

function memberLabels({ steps }: Plan): Record<string, string> {
  const { labels = {} } = steps.at(-1)!.item.object.metadata;
  return labels;
}

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

  describe('and is of a kind that only an older version of its group has', () => {
    const group = 'gateway.networking.k8s.io';
    const Grants = defineKind(group, 'v1beta1', 'ReferenceGrant', 'referencegrants');
    const crd = definition(group, 'ReferenceGrant', 'referencegrants', ['v1beta1']);
    const metadata = { name: 'apps', namespace: 'default' };
    const grant = {
      apiVersion: `${group}/v1beta1`,
      kind: 'ReferenceGrant',
      metadata,
      spec: {},
    } as KubeObject;
    const grants = async ({ world }: Stage) => (await world.cluster.list(Grants)).items;

    async function granted(): Promise<Stage> {
      const stage = createStage();
      // the gateways of the virtual cluster are of v1
      await stage.deploy([crd, grant, configMap('settings', {}), configMap('kept', {})]);
      expect(await grants(stage)).toHaveLength(1);
      return stage;
    }

    test('is deleted', async () => {
      const stage = await granted();
      await stage.apply(await stage.plan([crd, configMap('kept', {})]));
      expect(await grants(stage)).toEqual([]);
    });

    test('is not forgotten while the API server does not serve its kind', async () => {
      const stage = await granted();
      const { cluster } = stage.world;
      const { kinds } = cluster;
      cluster.kinds = async (...of) =>
        (await kinds.apply(cluster, of)).filter((kind) => kind.kind !== grant.kind);
      await stage.apply(await stage.plan([configMap('kept', {})]));
      expect(stage.told.at(-1)).toBe('delete ConfigMap settings');
      cluster.kinds = kinds;
      await stage.apply(await stage.plan([configMap('kept', {})]));
      expect(await grants(stage)).toEqual([]);
    });
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

describe('a Canary that the program no longer names', () => {
  const key = { namespace: 'test', name: 'podinfo' };
  const rest = shop().filter(({ kind = '' }) => /^(CustomResourceDefinition|Namespace)$/.test(kind));
  const reverting = shop().map((object) =>
    object.kind === 'Canary'
      ? { ...object, spec: { ...(object as { spec?: object }).spec, revertOnDeletion: true } }
      : object,
  );

  /** The target, asleep, takes two minutes to wake up. */
  async function sleeping(): Promise<Stage> {
    const stage = await initialized();
    await stage.deploy(reverting);
    await stage.world.clock.advance(30_000);
    stage.world.behave(release('6.9.0'), { startUpMs: 120_000 });
    return stage;
  }

  async function there({ world: { cluster } }: Stage): Promise<string[]> {
    const found = await Promise.all(
      [Canaries, Deployments].map((kind: Kind) => unlessMissing(cluster.get(kind, key))),
    );
    return found.flatMap((object) => object?.kind ?? []);
  }

  test('is given the time that its target needs to take the traffic back', async () => {
    const stage = await sleeping();
    await stage.apply(await stage.plan(rest));
    expect(await there(stage)).toEqual([]);
    const gone = stage.told.indexOf('delete Deployment podinfo');
    expect(stage.told.slice(0, gone)).toContain(
      'waiting Canary test/podinfo: it is being deleted, which takes a running controller: Terminating',
    );
  });

  test('is waited for by a second run as well, before anything that it needs is deleted', async () => {
    const stage = await sleeping();
    for (const _ of ['first', 'second']) {
      await expect(stage.apply(await stage.plan(rest), 30_000)).rejects.toMatchObject({
        code: 'DEPLOY_TIMEOUT',
        path: 'Canary test/podinfo',
        remedy: expect.stringContaining('--no-prune'),
      });
      expect(await there(stage)).toEqual(['Canary', 'Deployment']);
    }
    expect(stage.told.filter((line) => line === 'delete Canary podinfo')).toHaveLength(1);
    await stage.apply(await stage.plan(rest));
    expect(await there(stage)).toEqual([]);
    expect((await stage.plan(rest)).orphans).toEqual([]);
  });
});
