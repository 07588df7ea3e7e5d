import { getEventListeners } from 'node:events';
import { sleep } from '../../lib/ports/clock.js';
import { VirtualClock } from '../../lib/sim/clock.js';
import fc from '../property.js';

describe('the virtual clock', () => {
  it('leaves nothing at the signal of a sleep that is over', async () => {
    const clock = new VirtualClock(0);
    const { signal } = new AbortController();
    void sleep(clock, 10, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await clock.advance(10);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('stands still until it is told to go', async () => {
    const clock = new VirtualClock(1000);
    let fired = false;
    clock.timer(0, () => {
      fired = true;
    });
    expect([clock.now(), fired]).toEqual([1000, false]);
    await clock.advance(0);
    expect([clock.now(), fired]).toEqual([1000, true]);
  });

  it('fires timers by their time, and those of one time in the order they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 40 }), async (delays) => {
        const clock = new VirtualClock(0);
        const fired: [number, number][] = [];
        for (const [index, delay] of delays.entries())
          clock.timer(delay, () => fired.push([clock.now(), index]));
        await clock.advance(50);
        const expected = delays.map((delay, index) => [delay, index] as [number, number]);
        expect(fired).toEqual(expected.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
      { numRuns: 50 },
    );
  });

  it('lets all that a timer set going settle before the next one', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.timer(1, () => {
      void (async () => {
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        seen.push('first');
      })();
    });
    clock.timer(2, () => seen.push('second'));
    await clock.advance(2);
    expect(seen).toEqual(['first', 'second']);
  });

  it('does not fire what was cancelled', async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    const timer = clock.timer(5, () => fired++);
    clock.timer(3, () => timer.cancel());
    await clock.advance(10);
    expect(fired).toBe(0);
  });

  it('runs until a condition holds, and says when it never does', async () => {
    const clock = new VirtualClock(0);
    const woken = sleep(clock, 40).then(() => true);
    let awake = false;
    void woken.then(() => {
      awake = true;
    });
    expect(await clock.runUntil(() => awake, 100)).toBe(true);
    expect(clock.now()).toBe(40);
    expect(await clock.runUntil(() => false, 100)).toBe(false);
    expect(clock.now()).toBe(140);
  });

  it('lets all that a condition set going settle before time moves on', async () => {
    const clock = new VirtualClock(0);
    clock.timer(5, () => {});
    const at: number[] = [];
    const act = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      at.push(clock.now());
    };
    let acted = false;
    await clock.runUntil(async () => {
      if (!acted) void act();
      acted = true;
      return false;
    }, 10);
    expect(at).toEqual([0]);
  });

  it('refuses to go back', async () => {
    const clock = new VirtualClock(10);
    await expect(clock.advanceTo(9)).rejects.toMatchObject({ code: 'SIM_TIME_TRAVEL' });
  });
});
