import { Canaries } from '../../lib/api/canary.js';
import { createWorld, type World, type WorldOptions } from '../../lib/sim/world.js';
import { namespace, podinfo, release } from './podinfo.js';

const minute = 60_000;

async function initialized(options: WorldOptions = {}, analysis: object = {}): Promise<World> {
  const world = createWorld(options);
  world.apply(podinfo('6.9.0', analysis));
  await world.startController();
  await phase(world, 'Initialized');
  return world;
}

async function phase(world: World, wanted: string, limitMs = 30 * minute): Promise<void> {
  let now = '';
  const reached = await world.clock.runUntil(() => now === wanted || (void read(), false), limitMs);
  async function read(): Promise<void> {
    now = (await world.cluster.get(Canaries, { namespace, name: 'podinfo' })).status?.phase ?? '';
  }
  if (!reached) throw new Error(`phase is ${now}, wanted ${wanted}:\n${messages(world).join('\n')}`);
}

function messages(world: World): string[] {
  return world.log.records.map(({ at, level, message, fields }) => `${new Date(at).toISOString().slice(14, 23)} ${level} ${message} ${JSON.stringify(fields)}`);
}

describe('a rollout on the virtual cluster', () => {
  it('promotes a healthy version step by step', async () => {
    const world = await initialized();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await phase(world, 'Succeeded');
    console.log(messages(world).join('\n'), world.requests().length, [...world.tally()]);
  });
});
