import { type Deployment, Deployments, HorizontalPodAutoscalers } from '../../../lib/api/workloads.js';
import { rolloutBounds, rolloutStep } from '../../../lib/sim/models/rollout.js';
import { createWorld, type World } from '../../../lib/sim/world.js';
import fc from '../../property.js';

const key = { namespace: 'default', name: 'app' };

function deployment(replicas: number, image = 'app:1'): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: key,
    spec: {
      replicas,
      progressDeadlineSeconds: 30,
      selector: { matchLabels: { app: 'app' } },
      template: { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'app', image }] } },
    },
  };
}

const statusOf = async (world: World) => (await world.cluster.get(Deployments, key)).status ?? {};

async function condition(world: World, type: string) {
  return (await statusOf(world)).conditions?.find((entry) => entry.type === type);
}

describe('a Deployment of the virtual cluster', () => {
  it('starts its pods, which are ready after their start-up time', async () => {
    const world = createWorld({ behaviours: [{ image: 'app:1', behaviour: { startUpMs: 5000 } }] });
    world.apply([deployment(3)]);
    await world.clock.advance(4000);
    expect(await statusOf(world)).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      unavailableReplicas: 3,
    });
    expect(await condition(world, 'Available')).toMatchObject({
      status: 'False',
      reason: 'MinimumReplicasUnavailable',
    });
    await world.clock.advance(2000);
    expect(await statusOf(world)).toMatchObject({
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
    });
    expect(await condition(world, 'Progressing')).toMatchObject({ reason: 'NewReplicaSetAvailable' });
  });

  it('counts a pod as available when it has been ready for minReadySeconds, and serves from it before', async () => {
    const world = createWorld({ behaviours: [{ image: 'app:1', behaviour: { startUpMs: 2000 } }] });
    const { spec, ...rest } = deployment(2);
    world.apply([{ ...rest, spec: { ...spec, minReadySeconds: 10 } } as Deployment]);
    await world.clock.advance(11_000);
    const early = await statusOf(world);
    expect(early).toMatchObject({ readyReplicas: 2, unavailableReplicas: 2 });
    expect(early.availableReplicas ?? 0).toBe(0);
    await world.clock.advance(2000);
    expect(await statusOf(world)).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
  });

  it('never counts a pod as available that lives for less than minReadySeconds', async () => {
    const behaviour = { startUpMs: 1000, livesMs: 4000 };
    const world = createWorld({ behaviours: [{ image: 'app:1', behaviour }] });
    const { spec, ...rest } = deployment(1);
    world.apply([{ ...rest, spec: { ...spec, minReadySeconds: 5 } } as Deployment]);
    for (let second = 0; second < 120; second++) {
      await world.clock.advance(1000);
      expect((await statusOf(world)).availableReplicas ?? 0).toBe(0);
    }
  });

  it('replaces pods a few at a time, and never has fewer than it may', async () => {
    const world = createWorld();
    world.apply([deployment(4)]);
    await world.clock.advance(10_000);
    world.setImage('default', 'app', 'app:2');
    const available: number[] = [];
    const total: number[] = [];
    for (let second = 0; second < 30; second++) {
      await world.clock.advance(500);
      const status = await statusOf(world);
      available.push(status.availableReplicas ?? 0);
      total.push(status.replicas ?? 0);
    }
    expect(Math.min(...available)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...total)).toBeLessThanOrEqual(5);
    expect(await statusOf(world)).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
  });

  it('says so when its deadline passes, and keeps the old pods', async () => {
    const world = createWorld({ behaviours: [{ image: 'app:2', behaviour: { health: 'crashLoop' } }] });
    world.apply([deployment(1)]);
    await world.clock.advance(10_000);
    world.setImage('default', 'app', 'app:2');
    await world.clock.advance(29_000);
    expect((await condition(world, 'Progressing'))?.status).toBe('True');
    await world.clock.advance(2000);
    expect(await condition(world, 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(await statusOf(world)).toMatchObject({ availableReplicas: 1 });
  });

  it('is scaled by its autoscaler to the minimum, but not up from zero', async () => {
    const world = createWorld();
    const autoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: key,
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'app' }, minReplicas: 2, maxReplicas: 4 },
    };
    world.apply([deployment(0), autoscaler]);
    await world.clock.advance(60_000);
    expect((await world.cluster.get(HorizontalPodAutoscalers, key)).spec.minReplicas).toBe(2);
    expect((await statusOf(world)).replicas ?? 0).toBe(0);
    await world.cluster.patch(Deployments, key, 'merge', { spec: { replicas: 1 } });
    await world.clock.advance(30_000);
    expect((await statusOf(world)).availableReplicas).toBe(2);
  });
});

describe('the steps of a rolling update', () => {
  it('lead from any state to the end, within the bounds', () => {
    const counts = fc.record({ desired: fc.nat(12), old: fc.nat(12), current: fc.nat(12) });
    fc.assert(
      fc.property(counts, ({ desired, old, current }) => {
        const bounds = rolloutBounds(desired, undefined);
        const available = (now: number, before: number) => ({
          ...{ current: now, currentAvailable: now, old: before, oldAvailable: before },
          ready: now + before,
        });
        let state = available(current, old);
        for (let round = 0; round < 60; round++) {
          const step = rolloutStep(bounds, state);
          const left = state.old - step.oldAvailable - step.oldUnavailable;
          const grown = state.current + step.current;
          const settled = state.currentAvailable + state.oldAvailable >= desired - bounds.unavailable;
          if (settled)
            expect(state.currentAvailable + state.oldAvailable - step.oldAvailable).toBeGreaterThanOrEqual(
              desired - bounds.unavailable,
            );
          state = available(grown, left);
        }
        expect(state).toEqual(available(desired, 0));
      }),
    );
  });
});
