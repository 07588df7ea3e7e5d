import { Deployments } from '../../lib/api/workloads.js';
import type { World } from '../../lib/sim/world.js';
import { host, namespace, release } from './podinfo.js';
import { initialized, messages, released, statusOf } from './stage.js';

async function imageOf(world: World, name: string): Promise<string | undefined> {
  return (await world.cluster.get(Deployments, { namespace, name })).spec.template.spec.containers[0]?.image;
}

describe('a rollout on the virtual cluster', () => {
  it('promotes a healthy version, one weight after the other', async () => {
    const world = await initialized();
    const said = await released(world, release('6.9.1'), 'Succeeded');
    expect(said.filter((message) => message.startsWith('Advance'))).toEqual(
      [10, 20, 30, 40, 50].map((weight) => `Advance podinfo.test canary weight ${weight}`),
    );
    expect(await imageOf(world, 'podinfo-primary')).toBe(release('6.9.1'));
    expect(world.route({ host, path: '/' })).toMatchObject([
      { share: 1, pods: [{ image: release('6.9.1') }] },
    ]);
  });

  it('says what Flagger 1.44 said of the same release on a real cluster, in the same order', async () => {
    const world = await initialized({}, { webhooks: [] });
    expect(await released(world, release('6.9.1'), 'Succeeded')).toEqual([
      'New revision detected! Scaling up podinfo.test',
      'Starting canary analysis for podinfo.test',
      'Advance podinfo.test canary weight 10',
      'Advance podinfo.test canary weight 20',
      'Advance podinfo.test canary weight 30',
      'Advance podinfo.test canary weight 40',
      'Advance podinfo.test canary weight 50',
      'Copying podinfo.test template spec to podinfo-primary.test',
      'Routing all traffic to primary',
      'Promotion completed! Scaling down podinfo.test',
    ]);
  });

  it('sends the new version its share of the users, no more', async () => {
    const world = await initialized({}, { maxWeight: 20, stepWeight: 20, interval: '600s', webhooks: [] });
    const before = world.tally().get(release('6.9.1'))?.requests ?? 0;
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 20, 60_000);
    await world.clock.advance(500_000);
    const served = (world.tally().get(release('6.9.1'))?.requests ?? 0) - before;
    expect(served).toBeGreaterThan(0.18 * 10_000);
    expect(served).toBeLessThan(0.22 * 10_000);
  });

  it('rolls back a version that answers with errors, by its success rate', async () => {
    const world = await initialized();
    world.behave(release('6.9.1'), { errorRate: 0.2 });
    const said = await released(world, release('6.9.1'), 'Failed');
    expect(
      said.filter((message) => /success rate \d\d\.\d\d% < 99%/.test(message)).length,
    ).toBeGreaterThanOrEqual(5);
    expect(said).toContain('Rolling back podinfo.test failed checks threshold reached 5');
    expect(await imageOf(world, 'podinfo-primary')).toBe(release('6.9.0'));
    expect(world.route({ host, path: '/' })).toMatchObject([
      { share: 1, pods: [{ image: release('6.9.0') }] },
    ]);
  });

  it('rolls back a slow version, by the latency template', async () => {
    const world = await initialized();
    world.behave(release('6.9.1'), { medianMs: 800, p99Ms: 2000 });
    const said = await released(world, release('6.9.1'), 'Failed');
    expect(said.some((message) => /advancement latency \d\.\d\d > 0\.5/.test(message))).toBe(true);
  });

  it('rolls back a version that never gets ready, after its deadline', async () => {
    const world = await initialized();
    world.behave(release('6.9.1'), { health: 'neverReady' });
    const began = world.clock.now();
    await released(world, release('6.9.1'), 'Failed');
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(60_000);
    expect(world.clock.now() - began).toBeLessThan(90_000);
    expect(world.tally().get(release('6.9.1'))).toBeUndefined();
  });

  it('goes on where it was when every watch is cut in the middle', async () => {
    const world = await initialized();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 30, 120_000);
    world.disconnect();
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 300_000);
    expect(messages(world).filter((message) => message.startsWith('Advance'))).toHaveLength(5);
  });

  it('is the same again with the same seed, and another with another', async () => {
    const run = async (seed: number) => {
      const world = await initialized({ seed });
      world.behave(release('6.9.1'), { errorRate: 0.03 });
      world.setImage(namespace, 'podinfo', release('6.9.1'));
      await world.clock.advance(240_000);
      return JSON.stringify([world.log.records, [...world.tally()], world.requests()]);
    };
    const [first, second, other] = [await run(7), await run(7), await run(8)];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });
});
