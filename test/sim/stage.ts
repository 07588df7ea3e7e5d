import { Canaries, type CanaryStatus } from '../../lib/api/canary.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World, type WorldOptions } from '../../lib/sim/world.js';
import { host, namespace, podinfo } from './podinfo.js';

const minute = 60_000;

export async function statusOf(world: World): Promise<CanaryStatus | undefined> {
  return (await world.cluster.get(Canaries, { namespace, name: 'podinfo' })).status;
}

/** What was said of the canary, in order. */
export function messages(world: World): string[] {
  return world.log.records.filter(({ fields }) => fields.canary).map(({ message }) => message);
}

async function reachPhase(world: World, wanted: string, limitMs = 30 * minute): Promise<void> {
  const reached = await world.clock.runUntil(async () => (await statusOf(world))?.phase === wanted, limitMs);
  if (!reached) {
    const { phase } = (await statusOf(world)) ?? {};
    throw new Error(`the phase is ${phase}, not ${wanted}:\n${messages(world).join('\n')}`);
  }
}

/** podinfo 6.9.0 under its canary, with 20 users a second. */
export async function initialized(
  options: WorldOptions = {},
  analysis: object = {},
  start: Parameters<World['startController']>[0] = {},
): Promise<World> {
  const world = createWorld({ traffic: traffic.steady({ rps: 20, host }), ...options });
  world.apply(podinfo('6.9.0', analysis));
  await world.startController(start);
  await reachPhase(world, 'Initialized');
  await world.clock.advance(1000);
  return world;
}

/** Releases a version and runs until the canary has decided on it. */
export async function released(world: World, image: string, ends: 'Succeeded' | 'Failed'): Promise<string[]> {
  const before = messages(world).length;
  world.setImage(namespace, 'podinfo', image);
  await reachPhase(world, 'Progressing');
  await reachPhase(world, ends);
  await world.clock.advance(1000);
  return messages(world).slice(before);
}
