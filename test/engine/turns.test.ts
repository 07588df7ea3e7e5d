import { application, foundation, NAMESPACE } from '../../bench/applications.js';
import { Canaries } from '../../lib/api/canary.js';
import { createTurns } from '../../lib/engine/turns.js';
import { createWorld } from '../../lib/sim/world.js';
import fc from '../property.js';

const EVERY_MS = 25;

describe('turns', () => {
  it('come one after another, an equal time apart, to those who ask at the same moment', () => {
    const turns = createTurns(EVERY_MS);
    expect(['a', 'b', 'c'].map((key) => turns.of(key, 1_000))).toEqual([1_000, 1_025, 1_050]);
    expect(turns.of('c', 1_030)).toBe(1_050);
  });

  it('let one begin at once when nobody began just before', () => {
    const turns = createTurns(EVERY_MS);
    turns.of('a', 1_000);
    expect(turns.of('b', 1_100)).toBe(1_100);
  });

  it('are given anew when one was given up', () => {
    const turns = createTurns(EVERY_MS);
    for (const key of ['a', 'b']) turns.of(key, 1_000);
    turns.forget('b');
    expect(turns.of('b', 2_000)).toBe(2_000);
  });

  it('make nobody wait for longer than all of them take, however the clock is set', () => {
    const asking = fc.record({ key: fc.nat(9), clock: fc.integer({ min: 0, max: 10_000_000 }) });
    fc.assert(
      fc.property(fc.array(asking), (all) => {
        const turns = createTurns(EVERY_MS);
        for (const { key, clock } of all) {
          const turn = turns.of(`${key}`, clock);
          expect(turn - clock).toBeLessThanOrEqual(11 * EVERY_MS);
        }
      }),
    );
  });
});

describe('canaries that are released at the same moment', () => {
  it('are checked one after another, from their first step to their last', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `app-${index}`);
    const world = createWorld({ seed: 1 });
    world.apply([...foundation(), ...names.flatMap((name) => application(name, 1))]);
    const controller = await world.startController();
    const all = (phase: string) => () =>
      names.every((name) => world.read(Canaries, { namespace: NAMESPACE, name })?.status?.phase === phase);
    expect(await world.clock.runUntil(all('Initialized'), 600_000)).toBe(true);
    for (const name of names) world.setImage(NAMESPACE, name, 'ghcr.io/stefanprodan/podinfo:6.9.1');
    const begun = () =>
      names.map((name) => world.read(Canaries, { namespace: NAMESPACE, name })?.status?.lastCheckTime ?? '');
    expect(await world.clock.runUntil(() => begun().every((time) => time !== ''), 60_000)).toBe(true);
    const times = begun()
      .map((time) => Date.parse(time))
      .toSorted((a, b) => a - b);
    const gaps = times.slice(1).map((time, at) => time - times[at]!);
    expect(gaps).toEqual(gaps.map(() => EVERY_MS));
    await controller.stop();
  });
});
