import { Canaries, controlAnnotation } from '../../lib/api/canary.js';
import type { World } from '../../lib/sim/world.js';
import { host, namespace, release } from './podinfo.js';
import { initialized, messages, statusOf } from './stage.js';

async function ask(world: World, request: object): Promise<void> {
  const annotations = { [controlAnnotation]: JSON.stringify({ by: 'jane', ...request }) };
  await world.cluster.patch(Canaries, { namespace, name: 'podinfo' }, 'merge', { metadata: { annotations } });
}

async function at(world: World, weight: number): Promise<void> {
  expect(
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === weight, 300_000),
  ).toBe(true);
}

describe('requests in an annotation of the Canary', () => {
  it('hold a release and let it go on, by nothing but a patch of metadata', async () => {
    const world = await initialized();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await at(world, 20);
    await ask(world, { id: '1', verb: 'pause' });
    await world.clock.advance(600_000);
    expect(await statusOf(world)).toMatchObject({ phase: 'Progressing', canaryWeight: 20 });
    expect(world.route({ host, path: '/' })).toMatchObject([{ share: 0.8 }, { share: 0.2 }]);
    await ask(world, { id: '2', verb: 'resume' });
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 300_000);
    expect((await statusOf(world))?.control).toMatchObject([
      { verb: 'pause', by: 'jane', outcome: 'Accepted' },
      { verb: 'resume', by: 'jane', outcome: 'Accepted' },
    ]);
  });

  it('are acted on once, whoever leads afterwards', async () => {
    const world = await initialized();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await at(world, 20);
    await ask(world, { id: '1', verb: 'abort', reason: 'wrong build' });
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Failed', 60_000);
    await world.clock.advance(10_000);
    world.setImage(namespace, 'podinfo', release('6.9.2'));
    await world.startController();
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 300_000);
    expect((await statusOf(world))?.control).toHaveLength(1);
    expect(messages(world).filter((text) => text.includes('aborted by jane'))).toEqual([
      'Rolling back podinfo.test aborted by jane: wrong build',
    ]);
  });
});
