import { ConfigMaps } from '../../../lib/api/workloads.js';
import { createWorld } from '../../../lib/sim/world.js';

describe('a watch of the virtual cluster', () => {
  it('tells of a write after the write has been answered, and in the same moment', async () => {
    const { cluster, clock } = createWorld();
    const order: string[] = [];
    const abort = new AbortController();
    const { resourceVersion } = await cluster.list(ConfigMaps);
    const asked = { resourceVersion, signal: abort.signal };
    const ended = cluster.watch(ConfigMaps, asked, ({ type }) => order.push(type));
    const metadata = { namespace: 'default', name: 'one' };
    const answered = cluster.create(ConfigMaps, { metadata, data: {} }).then(() => order.push('answer'));
    await answered;
    await clock.advance(0);
    expect(order).toEqual(['answer', 'ADDED']);
    abort.abort();
    await ended;
  });

  it('tells nothing any more once it was ended', async () => {
    const { cluster, clock } = createWorld();
    const order: string[] = [];
    const abort = new AbortController();
    const { resourceVersion } = await cluster.list(ConfigMaps);
    const asked = { resourceVersion, signal: abort.signal };
    const ended = cluster.watch(ConfigMaps, asked, ({ type }) => order.push(type));
    await cluster.create(ConfigMaps, { metadata: { namespace: 'default', name: 'one' }, data: {} });
    abort.abort();
    await ended;
    await clock.advance(0);
    expect(order).toEqual([]);
  });
});
