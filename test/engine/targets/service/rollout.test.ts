import { type Service, Services } from '../../../../lib/api/workloads.js';
import { initialized, NAMESPACE, podinfoCanary, type World } from '../../world.js';

const targetRef = { apiVersion: 'v1', kind: 'Service', name: 'podinfo' } as const;

/** A Service whose pods somebody else runs, at rest. */
async function running(): Promise<World> {
  const spec = { targetRef, service: { port: 80 } };
  return initialized(
    podinfoCanary({ iterations: 2 }, { provider: 'kubernetes', ...spec }),
    {},
    ({ cluster }) => {
      cluster.seed(Services, {
        metadata: {
          name: 'podinfo',
          namespace: NAMESPACE,
          labels: { team: 'a' },
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
        },
        spec: { clusterIP: '10.0.0.1', selector: { version: 'v1' }, ports: [{ port: 80, nodePort: 30000 }] },
      });
    },
  );
}

const find = (world: World, name: string): Service | undefined =>
  world.cluster.find(Services, { namespace: NAMESPACE, name });
const versionOf = (world: World, name: string) => find(world, name)?.spec.selector?.version;

describe('a Service as a target', () => {
  it('is copied for primary and canary, without the address that is its own', async () => {
    const world = await running();
    expect(world.canary().status?.phase).toBe('Initialized');
    for (const name of ['podinfo-primary', 'podinfo-canary']) {
      expect(find(world, name)?.spec).toEqual({ selector: { version: 'v1' }, ports: [{ port: 80 }] });
      expect(find(world, name)?.metadata).toMatchObject({
        labels: { team: 'a' },
        ownerReferences: [{ kind: 'Canary' }],
      });
    }
    expect(find(world, 'podinfo-canary')?.metadata.annotations).toEqual({});
    expect(find(world, 'podinfo')?.spec.clusterIP).toBe('10.0.0.1');
    await world.controller.stop();
  });

  it('is analysed when its spec changes, and only then copied to the primary', async () => {
    const world = await running();
    world.cluster.edit(Services, NAMESPACE, 'podinfo-primary', ({ spec }) => {
      spec.clusterIP = '10.0.0.2';
    });
    world.cluster.edit(Services, NAMESPACE, 'podinfo', ({ spec }) => {
      spec.selector = { version: 'v2' };
    });
    await world.clock.advance(5_000);
    expect(world.canary().status?.phase).toBe('Progressing');
    expect([versionOf(world, 'podinfo-canary'), versionOf(world, 'podinfo-primary')]).toEqual(['v2', 'v1']);
    await world.clock.advance(60_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    expect(find(world, 'podinfo-primary')?.spec).toMatchObject({
      clusterIP: '10.0.0.2',
      selector: { version: 'v2' },
    });
    await world.controller.stop();
  });

  it('is no new revision when the API server fills something in', async () => {
    const world = await running();
    world.cluster.edit(Services, NAMESPACE, 'podinfo', ({ spec }) => {
      Object.assign(spec, { type: 'ClusterIP', sessionAffinity: 'None', clusterIPs: ['10.0.0.1'] });
      spec.ports![0] = { port: 80, targetPort: 80, protocol: 'TCP', nodePort: 30001 };
    });
    await world.clock.advance(60_000);
    expect(world.canary().status?.phase).toBe('Initialized');
    expect(world.events().filter((text) => text.startsWith('New revision'))).toEqual([]);
    await world.controller.stop();
  });
});
