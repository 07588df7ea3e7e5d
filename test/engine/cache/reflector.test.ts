import { type ConfigMap, ConfigMaps } from '../../../lib/api/workloads.js';
import { startReflector } from '../../../lib/engine/cache/reflector.js';
import { createStore } from '../../../lib/engine/cache/store.js';
import { ApiError } from '../../../lib/ports/cluster.js';
import { MemoryCluster } from '../memoryCluster.js';
import { settle, VirtualClock } from '../virtualClock.js';

const configMap = (name: string, value = ''): ConfigMap => ({
  metadata: { name, namespace: 'test' },
  data: { value },
});

async function reflecting(cluster = new MemoryCluster()) {
  const clock = new VirtualClock();
  const store = createStore<ConfigMap>(() => undefined);
  const log = { log: () => undefined };
  const ports = { cluster, clock, log, random: { next: () => 0.5, uuid: () => '' } };
  const reflector = startReflector(ports, ConfigMaps, {}, store);
  await settle();
  const held = () =>
    [...store.values()].map(({ metadata, data }) => `${metadata.name}=${data?.value}`).sort();
  return { cluster, clock, store, reflector, held };
}

describe('a reflector', () => {
  it('holds what was there, then follows every change', async () => {
    const cluster = new MemoryCluster();
    cluster.seed(ConfigMaps, configMap('a', '1'));
    const { held, reflector } = await reflecting(cluster);
    await reflector.synced;
    cluster.seed(ConfigMaps, configMap('b', '1'));
    cluster.seed(ConfigMaps, configMap('a', '2'));
    await cluster.delete(ConfigMaps, { namespace: 'test', name: 'b' });
    await settle();
    expect(held()).toEqual(['a=2']);
    await reflector.stop();
  });

  it('resumes after a dropped connection without listing again', async () => {
    const { cluster, clock, held, reflector } = await reflecting();
    cluster.seed(ConfigMaps, configMap('a', '1'));
    await clock.advance(10_000);
    cluster.cutWatches(new ApiError(0, 'ConnectionLost', 'connection reset'));
    cluster.seed(ConfigMaps, configMap('a', '2'));
    await clock.advance(5_000);
    expect(held()).toEqual(['a=2']);
    expect(cluster.requests.filter(({ verb }) => verb === 'list')).toHaveLength(1);
    await reflector.stop();
  });

  it('lists again when the server has forgotten its version, and notices what was deleted meanwhile', async () => {
    const { cluster, clock, held, reflector } = await reflecting();
    cluster.seed(ConfigMaps, configMap('a', '1'));
    cluster.seed(ConfigMaps, configMap('b', '1'));
    await clock.advance(2_000);
    cluster.disturb = () => undefined;
    await cluster.delete(ConfigMaps, { namespace: 'test', name: 'a' });
    cluster.oldest = Number.MAX_SAFE_INTEGER;
    cluster.cutWatches();
    await settle();
    cluster.oldest = 0;
    await clock.advance(5_000);
    expect(held()).toEqual(['b=1']);
    await reflector.stop();
  });

  it('recovers by its next connection what a broken one failed to deliver', async () => {
    const { cluster, clock, held, reflector } = await reflecting();
    cluster.disturb = (event, deliver) => {
      if (event.type !== 'MODIFIED') deliver(event);
    };
    cluster.seed(ConfigMaps, configMap('a', '1'));
    cluster.seed(ConfigMaps, configMap('a', '2'));
    cluster.seed(ConfigMaps, configMap('b', '1'));
    await clock.advance(2_000);
    expect(held()).toEqual(['a=1', 'b=1']);
    cluster.disturb = (event, deliver) => deliver(event);
    cluster.cutWatches();
    await clock.advance(2_000);
    expect(held()).toEqual(['a=2', 'b=1']);
    await reflector.stop();
  });

  it('resumes from the last bookmark', async () => {
    const { cluster, clock, held, reflector } = await reflecting();
    cluster.seed(ConfigMaps, configMap('a', '1'));
    await clock.advance(2_000);
    cluster.bookmark();
    const delivered: string[] = [];
    cluster.disturb = (event, deliver) => {
      delivered.push(event.type);
      deliver(event);
    };
    cluster.cutWatches();
    cluster.seed(ConfigMaps, configMap('b', '1'));
    await clock.advance(2_000);
    expect(held()).toEqual(['a=1', 'b=1']);
    expect(delivered).toEqual(['ADDED']);
    await reflector.stop();
  });

  it('waits as long as a busy server asks, and then goes on', async () => {
    const cluster = new MemoryCluster();
    cluster.seed(ConfigMaps, configMap('a', '1'));
    cluster.refuse = () => new ApiError(429, 'TooManyRequests', 'busy', 7_000);
    const { clock, held, reflector } = await reflecting(cluster);
    await clock.advance(6_900);
    expect(cluster.requests).toHaveLength(1);
    cluster.refuse = () => undefined;
    await clock.advance(200);
    expect(held()).toEqual(['a=1']);
    await reflector.stop();
  });

  it('tries ever less often while the server refuses, at least every thirty seconds', async () => {
    const cluster = new MemoryCluster();
    cluster.refuse = () => new ApiError(500, 'InternalError', 'no');
    const { clock, reflector } = await reflecting(cluster);
    await clock.advance(600_000);
    expect(cluster.requests.length).toBeGreaterThan(20);
    expect(cluster.requests.length).toBeLessThan(40);
    await reflector.stop();
  });

  it('does not loop on a connection that ends at once', async () => {
    const { cluster, clock, reflector } = await reflecting();
    cluster.watch = async () => undefined;
    cluster.cutWatches();
    await clock.advance(60_000);
    expect(cluster.requests.length).toBeLessThan(30);
    await reflector.stop();
  });
});
