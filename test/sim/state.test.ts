import { Canaries } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';

const objects = podinfo('6.9.0', { metrics: [], webhooks: [] });
const key = { namespace, name: 'podinfo' };

async function initialised(): Promise<World> {
  const world = createWorld();
  world.apply(objects);
  await world.startController();
  await world.clock.advance(60_000);
  return world;
}

const imagesOf = (world: World) =>
  world.route({ host, path: '/' }).map(({ share, pods }) => [share, pods.map(({ image }) => image)]);

describe('the state of a world', () => {
  it('is all that another world needs to go on: time, objects, pods and routes', async () => {
    const first = await initialised();
    const second = createWorld({ state: first.state(), seed: 2 });
    await second.clock.advance(60_000);
    expect(second.clock.now()).toBe(first.clock.now() + 60_000);
    expect(second.state().objects).toEqual(first.state().objects);
    expect(imagesOf(second)).toEqual([[1, [release('6.9.0')]]]);
  });

  it('is the ground of a release by a new controller', async () => {
    const world = createWorld({ state: (await initialised()).state(), seed: 2 });
    await world.startController();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.advance(300_000);
    expect(world.read(Canaries, key)?.status?.phase).toBe('Succeeded');
    expect(imagesOf(world)).toEqual([[1, [release('6.9.1')]]]);
  });

  it('may be restored twice, and what happens in one of the worlds is not seen in the other', async () => {
    const state = (await initialised()).state();
    const [one, other] = [createWorld({ state, seed: 2 }), createWorld({ state, seed: 3 })];
    await one.cluster.delete(Deployments, { namespace, name: 'podinfo-primary' });
    await one.clock.advance(1_000);
    expect(imagesOf(one)).toEqual([[1, []]]);
    expect(imagesOf(other)).toEqual([[1, [release('6.9.0')]]]);
  });

  it('leaves nothing to watch from before', async () => {
    const world = createWorld({ state: (await initialised()).state(), seed: 2 });
    const { signal } = new AbortController();
    const watching = world.cluster.watch(Canaries, { namespace, resourceVersion: '1', signal }, () => {});
    await expect(watching).rejects.toMatchObject({ status: 410 });
  });
});
