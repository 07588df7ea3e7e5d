import type { CanaryMetric } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import type { World } from '../../lib/sim/world.js';
import { host, namespace, release } from './podinfo.js';
import { initialized, messages, released, statusOf } from './stage.js';

const rate = (onNoData: CanaryMetric['onNoData']) => ({
  name: 'request-success-rate',
  thresholdRange: { min: 99 },
  interval: '1m',
  onNoData,
});

/** A canary that nobody calls, with a new version under way and its first share of the traffic. */
async function underWay(onNoData: CanaryMetric['onNoData']): Promise<World> {
  const world = await initialized({ traffic: [] }, { webhooks: [], metrics: [rate(onNoData)] });
  world.setImage(namespace, 'podinfo', release('6.9.1'));
  await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 10, 60_000);
  return world;
}

async function scalePrometheus(world: World, replicas: number): Promise<void> {
  await world.cluster.patch(Deployments, { namespace: 'monitoring', name: 'prometheus' }, 'merge', {
    spec: { replicas },
  });
}

describe('a metric that has no values', () => {
  it('is a failed check where the Canary says nothing, as in Flagger', async () => {
    const world = await initialized({ traffic: [] }, { webhooks: [], metrics: [rate(undefined)] });
    const said = await released(world, release('6.9.1'), 'Failed');
    expect(said).toContain('Rolling back podinfo.test failed checks threshold reached 5');
  });

  it('is waited for with onNoData wait, and the release goes on when users come', async () => {
    const world = await underWay('wait');
    await world.clock.advance(40_000);
    expect(await statusOf(world)).toMatchObject({ canaryWeight: 10, failedChecks: 0, phase: 'Progressing' });
    for (const source of traffic.steady({ rps: 20, host })) world.addTraffic(source);
    expect(
      await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 300_000),
    ).toBe(true);
    expect(messages(world).some((text) => text.includes('Rolling back'))).toBe(false);
  });

  it.each(['wait', 'pass'] as const)(
    'is not one that knows of nothing but errors: with onNoData %s they roll back',
    async (onNoData) => {
      const world = await initialized({}, { webhooks: [], metrics: [rate(onNoData)] });
      world.behave(release('6.9.1'), { errorRate: 1 });
      const said = await released(world, release('6.9.1'), 'Failed');
      expect(said).toContain('Halt podinfo.test advancement success rate 0.00% < 99%');
    },
  );

  it('is waited for no longer than the progress deadline', async () => {
    const world = await underWay('wait');
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Failed', 120_000);
    expect(messages(world)).toContainEqual(
      expect.stringContaining(
        'Rolling back podinfo.test progress deadline exceeded no values found for metric request-success-rate for 60s',
      ),
    );
    expect(world.route({ host, path: '/' })).toMatchObject([
      { share: 1, pods: [{ image: release('6.9.0') }] },
    ]);
  });

  it('does not fail a release while its Prometheus restarts', async () => {
    const world = await initialized({}, { webhooks: [], metrics: [rate('wait')] });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 20, 60_000);
    await scalePrometheus(world, 0);
    await world.clock.advance(35_000);
    expect(await statusOf(world)).toMatchObject({ canaryWeight: 20, failedChecks: 0, phase: 'Progressing' });
    await scalePrometheus(world, 1);
    expect(
      await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 300_000),
    ).toBe(true);
  });
});
