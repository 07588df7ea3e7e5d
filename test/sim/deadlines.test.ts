import { Deployments } from '../../lib/api/workloads.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';
import { initialized, messages, statusOf } from './stage.js';

const deadlineMs = 60_000;

async function fails(world: World, withinMs: number): Promise<boolean> {
  return world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Failed', withinMs);
}

describe('a release that stands still', () => {
  it('ends after the canary’s own deadline when an old pod still makes up for the new one', async () => {
    const world = createWorld();
    world.behave(release('6.9.1'), { health: 'neverReady' });
    world.apply(podinfo('6.9.0', { webhooks: [] }));
    await world.startController();
    const target = { namespace, name: 'podinfo' };
    const isWritten = async () => (await statusOf(world))?.phase === 'Initialized';
    expect(await world.clock.runUntil(isWritten, 60_000)).toBe(true);
    // before the old pod is gone, so that the Deployment stays available all the time
    await world.cluster.patch(Deployments, target, 'merge', { spec: { replicas: 1 } });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    expect(await fails(world, deadlineMs + 30_000)).toBe(true);
    expect(messages(world)).toContainEqual(
      expect.stringMatching(/^Rolling back podinfo\.test progress deadline exceeded/),
    );
  });

  it('ends after the deadline when the target is deleted in the middle of it', async () => {
    const world = await initialized({}, { webhooks: [] });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 20, 60_000);
    await world.cluster.delete(Deployments, { namespace, name: 'podinfo' });
    expect(await fails(world, deadlineMs + 30_000)).toBe(true);
    expect(world.route({ host, path: '/' })).toMatchObject([
      { share: 1, pods: [{ image: release('6.9.0') }] },
    ]);
  });
});
