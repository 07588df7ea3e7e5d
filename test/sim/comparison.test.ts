import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';
import { messages, statusOf } from './stage.js';

const next = release('6.9.1');
const failing = (share: number) => ({ errorRate: share });

/** A release with 1 % errors where 0.1 % is usual; its controller is started again at these virtual ms of the run. */
async function compared(restartsAt: readonly number[]): Promise<World> {
  const world = createWorld({
    seed: 'comparison',
    traffic: traffic.steady({ rps: 50, host }),
    behaviours: [
      { image: release('6.9.0'), behaviour: failing(0.001) },
      { image: next, behaviour: failing(0.01) },
    ],
  });
  const metrics = [{ name: 'request-success-rate', interval: '1m', comparison: {} }];
  const analysis = { webhooks: [], interval: '1m', stepWeight: 5, maxWeight: 50, metrics };
  world.apply(podinfo('6.9.0', analysis));
  let controller = await world.startController();
  const phase = async () => (await statusOf(world))?.phase;
  await world.clock.runUntil(async () => (await phase()) === 'Initialized', 60_000);
  await world.clock.advance(1000);
  world.setImage(namespace, 'podinfo', next);
  const beganAt = world.clock.now();
  for (const at of restartsAt) {
    await world.clock.advance(beganAt + at - world.clock.now());
    await controller.stop();
    controller = await world.startController();
  }
  await world.clock.runUntil(async () => ['Succeeded', 'Failed'].includes((await phase()) ?? ''), 3_600_000);
  await world.clock.advance(1000);
  return world;
}

describe('a controller that is started again while a version is compared with the primary', () => {
  it('comes to the same verdict by the same steps', async () => {
    const calm = await compared([]);
    const restarted = await compared([31_000, 64_500, 65_000, 90_000]);
    const status = await statusOf(calm);
    const [record] = status?.comparisons ?? [];
    expect(record?.verdict).toBe('worse');
    const others = await statusOf(restarted);
    expect(others?.comparisons?.[0]?.verdict).toBe('worse');
    expect(others?.phase).toBe(status?.phase);
    const steps = (world: World) =>
      messages(world)
        .filter((text) => /Rolling back|Advance/.test(text))
        .map((text) => text.replace(/:.*/, ''));
    expect(steps(restarted)).toEqual(steps(calm));
  });

  it('has counted what the versions have served, to a scrape: nothing twice, and nothing less', async () => {
    const world = await compared([31_000, 40_000, 40_500]);
    const [record] = (await statusOf(world))?.comparisons ?? [];
    const served = world.tally().get(next);
    const counted = record?.canary.requests ?? 0;
    expect(counted).toBeLessThanOrEqual(served?.requests ?? 0);
    // the last scrape, and what was under way to the rollback
    expect(counted).toBeGreaterThan((served?.requests ?? 0) - 100);
    expect(record?.canary.bad[0]).toBeLessThanOrEqual(served?.failures ?? 0);
  });
});
