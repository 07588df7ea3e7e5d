import { Canaries } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { Deployments, Ingresses, Services } from '../../lib/api/workloads.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';
import { messages, statusOf } from './stage.js';

const key = (name: string) => ({ namespace, name });

/** podinfo under a canary that is reverted when it is deleted, at rest, with 20 users a second. */
async function reverting(): Promise<World> {
  const world = createWorld({ traffic: traffic.steady({ rps: 20, host }) });
  world.apply(
    podinfo('6.9.0', { webhooks: [] }).map((object) =>
      object.kind === 'Canary'
        ? ({
            ...object,
            spec: { ...(object as KubeObject & { spec: object }).spec, revertOnDeletion: true },
          } as KubeObject)
        : object,
    ),
  );
  await world.startController();
  await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Initialized', 120_000);
  await world.clock.advance(5_000);
  return world;
}

async function exists(
  world: World,
  kind: Parameters<World['cluster']['get']>[0],
  name: string,
): Promise<boolean> {
  try {
    await world.cluster.get(kind, key(name));
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

const remove = (world: World) => world.cluster.delete(Canaries, key('podinfo'));
const isGone = (world: World) => async () => !(await exists(world, Canaries, 'podinfo'));

/** Requests that nobody answered, or that failed. */
function failures(world: World): number {
  return [...world.tally()].reduce((sum, [image, { requests, failures: failed }]) => {
    return sum + (image === '' ? requests : failed);
  }, 0);
}

describe('deleting a canary with revertOnDeletion', () => {
  it('gives the traffic back to the target before it lets the primary go: no request fails', async () => {
    const world = await reverting();
    const before = failures(world);
    await remove(world);
    expect(await world.clock.runUntil(isGone(world), 120_000)).toBe(true);
    await world.clock.advance(60_000);
    expect(failures(world)).toBe(before);
    expect(await exists(world, Deployments, 'podinfo-primary')).toBe(false);
    expect(await exists(world, Services, 'podinfo-canary')).toBe(false);
    expect(await exists(world, Ingresses, 'podinfo-canary')).toBe(false);
    const apex = await world.cluster.get(Services, key('podinfo'));
    expect(apex.spec.selector).toEqual({ app: 'podinfo' });
    expect(world.route({ host, path: '/' })).toMatchObject([
      { share: 1, pods: [{ image: release('6.9.0') }] },
    ]);
    expect(messages(world).slice(-2)).toEqual([
      'Terminating canary podinfo.test',
      'Terminated canary podinfo.test',
    ]);
  });

  it('does so in the middle of a run too', async () => {
    const world = await reverting();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 30, 300_000);
    const before = failures(world);
    await remove(world);
    expect(await world.clock.runUntil(isGone(world), 120_000)).toBe(true);
    await world.clock.advance(60_000);
    expect(failures(world)).toBe(before);
  });

  it('goes on when the controller is replaced in the middle', async () => {
    const world = await reverting();
    const before = failures(world);
    await remove(world);
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Terminated', 60_000);
    world.disconnect();
    await world.startController();
    expect(await world.clock.runUntil(isGone(world), 120_000)).toBe(true);
    await world.clock.advance(60_000);
    expect(failures(world)).toBe(before);
  });

  it('gives the traffic back once more when somebody takes it away before the primary goes', async () => {
    const world = await reverting();
    const before = failures(world);
    await remove(world);
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Terminated', 60_000);
    const apex = await world.cluster.get(Services, key('podinfo'));
    const selector = { app: 'podinfo-primary' };
    await world.cluster.update(Services, { ...apex, spec: { ...apex.spec, selector } });
    expect(await world.clock.runUntil(isGone(world), 120_000)).toBe(true);
    await world.clock.advance(60_000);
    expect(failures(world)).toBe(before);
  });

  it('is not held up by a target that goes after it got the traffic', async () => {
    const world = await reverting();
    await remove(world);
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Terminated', 60_000);
    await world.cluster.delete(Deployments, key('podinfo'));
    expect(await world.clock.runUntil(isGone(world), 20_000)).toBe(true);
  });

  it('keeps the primary serving for as long as the target cannot', async () => {
    const world = await reverting();
    world.behave(release('6.9.1'), { health: 'neverReady' });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Progressing', 60_000);
    const before = failures(world);
    await remove(world);
    await world.clock.advance(600_000);
    expect((await statusOf(world))?.phase).toBe('Terminating');
    expect(failures(world)).toBe(before);
    expect(messages(world).at(-1)).toMatch(
      /^Termination of podinfo.test waits for its target.*; mend the target, or give it up by setting spec.revertOnDeletion to false$/,
    );
    const canary = await world.cluster.get(Canaries, key('podinfo'));
    await world.cluster.update(Canaries, { ...canary, spec: { ...canary.spec, revertOnDeletion: false } });
    expect(await world.clock.runUntil(isGone(world), 10_000)).toBe(true);
  });

  it('is not held up by a target that is gone', async () => {
    const world = await reverting();
    await world.cluster.delete(Deployments, key('podinfo'));
    await remove(world);
    expect(await world.clock.runUntil(isGone(world), 10_000)).toBe(true);
  });
});

it('the finalizer goes when the policy no longer asks for it', async () => {
  const world = await reverting();
  const canary = await world.cluster.get(Canaries, key('podinfo'));
  expect(canary.metadata.finalizers).toEqual(['finalizer.flagger.app']);
  await world.cluster.update(Canaries, { ...canary, spec: { ...canary.spec, revertOnDeletion: false } });
  await world.clock.advance(1_000);
  const after = await world.cluster.get(Canaries, key('podinfo'));
  expect(after.metadata.finalizers ?? []).toEqual([]);
});
