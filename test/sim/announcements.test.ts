import { Events } from '../../lib/api/workloads.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';
import { initialized, statusOf } from './stage.js';

/** Texts of the cluster's events of the canary. */
async function told(world: World): Promise<string[]> {
  const { items } = await world.cluster.list(Events, { namespace });
  return items.map(({ message }) => message);
}

const receiver = { name: 'receiver', type: 'event', url: 'http://receiver.example.com/' };

describe('what is said of a release', () => {
  it('does not wait for a receiver that hangs, nor does the release', async () => {
    const world = await initialized({}, { webhooks: [{ ...receiver, timeout: '10m' }] });
    world.answer(({ url }) => (url === receiver.url ? new Promise(() => undefined) : undefined));
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    const done = async () => (await statusOf(world))?.phase === 'Succeeded';
    expect(await world.clock.runUntil(done, 120_000)).toBe(true);
    await world.clock.advance(1_000);
    expect(await told(world)).toContain('Promotion completed! Scaling down podinfo.test');
  });

  it('comes after the act: whoever hears of a promotion finds the target asleep and the status written', async () => {
    const world = await initialized({}, { webhooks: [receiver] });
    const found: (string | undefined)[] = [];
    world.answer(({ url, body = '' }) => {
      if (url !== receiver.url) return undefined;
      if (!body.includes('Promotion completed!')) return { status: 200, headers: {}, body: '' };
      return statusOf(world).then((status) => {
        found.push(status?.phase);
        return { status: 200, headers: {}, body: '' };
      });
    });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.advance(180_000);
    expect(found).toEqual(['Succeeded']);
  });

  it('is complete, each once, when the controller is replaced in the middle', async () => {
    const world = createWorld({ traffic: traffic.steady({ rps: 20, host }) });
    world.apply(podinfo('6.9.0', { webhooks: [] }));
    const first = await world.startController();
    await world.clock.advance(30_000);
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 30, 120_000);
    const stopped = first.stop();
    await world.clock.advance(3_000);
    await stopped;
    await world.startController();
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 300_000);
    await world.clock.advance(1_000);
    const advances = (await told(world)).filter((text) => text.startsWith('Advance'));
    expect(advances.toSorted()).toEqual(
      [10, 20, 30, 40, 50].map((weight) => `Advance podinfo.test canary weight ${weight}`),
    );
    expect((await told(world)).filter((text) => text.startsWith('Promotion completed!'))).toHaveLength(1);
  });
});
