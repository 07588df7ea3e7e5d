import { Canaries } from '../../lib/api/canary.js';
import type { Cluster } from '../../lib/ports/cluster.js';
import { namespace, release } from './podinfo.js';
import { initialized, messages, released } from './stage.js';

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) frozen(member);
  return value;
}

/** A connection whose answers and events nobody can change: who tries fails. */
function freezing(cluster: Cluster): Cluster {
  return {
    get: async (...asked) => frozen(await cluster.get(...asked)),
    list: async (...asked) => frozen(await cluster.list(...asked)),
    watch: (kind, options, onEvent) => cluster.watch(kind, options, (event) => onEvent(frozen(event))),
    create: async (...asked) => frozen(await cluster.create(...asked)),
    update: async (...asked) => frozen(await cluster.update(...asked)),
    updateStatus: async (...asked) => frozen(await cluster.updateStatus(...asked)),
    patch: async (...asked) => frozen(await cluster.patch(...asked)),
    apply: async (...asked) => frozen(await cluster.apply(...asked)),
    delete: (...asked) => cluster.delete(...asked),
  };
}

describe('objects that the virtual cluster and a controller share', () => {
  it.each([
    ['a promotion', 'Succeeded', 0],
    ['a rollback', 'Failed', 0.5],
  ] as const)('are not changed by the controller, in %s', async (_, ends, errorRate) => {
    const through = <P extends { readonly cluster: Cluster }>(ports: P): P => ({
      ...ports,
      cluster: freezing(ports.cluster),
    });
    const world = await initialized({}, {}, { through });
    const plain = await initialized();
    for (const one of [world, plain]) one.behave(release('6.9.1'), { errorRate });
    expect(await released(world, release('6.9.1'), ends)).toEqual(
      await released(plain, release('6.9.1'), ends),
    );
    expect(messages(world)).toEqual(messages(plain));
  });

  it('are not those that a user gets, who may change them before a write', async () => {
    const world = await initialized();
    const key = { namespace, name: 'podinfo' };
    const got = await world.cluster.get(Canaries, key);
    got.spec.suspend = true;
    expect((await world.cluster.get(Canaries, key)).spec.suspend).toBeUndefined();
    await world.cluster.update(Canaries, got);
    expect((await world.cluster.get(Canaries, key)).spec.suspend).toBe(true);
  });
});
