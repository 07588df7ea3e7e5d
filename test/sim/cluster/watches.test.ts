import { ConfigMaps } from '../../../lib/api/workloads.js';
import { createWorld } from '../../../lib/sim/world.js';

async function watching() {
  const { cluster, clock } = createWorld();
  const order: string[] = [];
  const abort = new AbortController();
  const { resourceVersion } = await cluster.list(ConfigMaps);
  const asked = { resourceVersion, signal: abort.signal };
  const ended = cluster.watch(ConfigMaps, asked, ({ type }) => order.push(type));
  return { cluster, clock, order, abort, ended };
}

describe('a watch of the virtual cluster', () => {
  it('tells of a write after the write has been answered, and in the same moment', async () => {
    const { cluster, clock, order, abort, ended } = await watching();
    const metadata = { namespace: 'default', name: 'one' };
    const answered = cluster.create(ConfigMaps, { metadata, data: {} }).then(() => order.push('answer'));
    await answered;
    await clock.advance(0);
    expect(order).toEqual(['answer', 'ADDED']);
    abort.abort();
    await ended;
  });

  it('tells nothing any more once it was ended', async () => {
    const { cluster, clock, order, abort, ended } = await watching();
    await cluster.create(ConfigMaps, { metadata: { namespace: 'default', name: 'one' }, data: {} });
    abort.abort();
    await ended;
    await clock.advance(0);
    expect(order).toEqual([]);
  });
});
