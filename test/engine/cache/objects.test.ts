import { type Service, Services } from '../../../lib/api/workloads.js';
import { createCaches } from '../../../lib/engine/cache/caches.js';
import { createObjects } from '../../../lib/engine/cache/objects.js';
import { MemoryCluster } from '../memoryCluster.js';
import { VirtualClock } from '../virtualClock.js';

const key = { namespace: 'test', name: 'web' };
const service: Service = {
  metadata: { ...key, annotations: { weight: '0' } },
  spec: { ports: [{ port: 80 }], selector: { app: 'web' } },
};

/** Caches that hold the Service and hear of no change but by answers; `heard` are the changes that were told. */
async function watching() {
  const cluster = new MemoryCluster();
  cluster.seed(Services, service);
  const heard: string[] = [];
  const log = { log: () => undefined };
  const ports = { cluster, clock: new VirtualClock(), log, random: { next: () => 0.5, uuid: () => '' } };
  const caches = createCaches(ports, '', (kind, { after }) => {
    heard.push(`${kind.kind} ${JSON.stringify(after?.metadata.annotations)}`);
  });
  await caches.ensure(Services);
  heard.length = 0;
  cluster.disturb = () => undefined;
  return { cluster, caches, heard, objects: createObjects(cluster, caches) };
}

const weigh = (weight: string) => ({ metadata: { annotations: { weight } } });

describe('a patch of our own', () => {
  it('is in the caches at once, and told to nobody when it is all that has happened', async () => {
    const { caches, heard, objects } = await watching();
    await objects.patch(Services, key, 'merge', weigh('10'));
    expect(caches.read(Services, key)?.metadata.annotations).toEqual({ weight: '10' });
    await objects.patch(Services, key, 'merge', { metadata: { annotations: null } });
    expect(caches.read(Services, key)?.metadata.annotations).toBeUndefined();
    expect(heard).toEqual([]);
    await caches.stop();
  });

  it('is told when its answer shows what others did before', async () => {
    const { cluster, caches, heard, objects } = await watching();
    cluster.edit<Service>(Services, key.namespace, key.name, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, owner: 'somebody' };
    });
    await objects.patch(Services, key, 'merge', weigh('10'));
    expect(heard).toEqual(['Service {"weight":"10","owner":"somebody"}']);
    await caches.stop();
  });
});
