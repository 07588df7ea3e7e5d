import { createRateLimit } from '../../lib/kube/rateLimit.js';
import type { Clock } from '../../lib/ports/clock.js';
import fc from '../property.js';

/** A clock that jumps to the next timer whenever everybody waits. */
function jumpingClock() {
  let now = 0;
  const timers = new Set<{ at: number; fire: () => void }>();
  const clock: Clock = {
    now: () => now,
    timer(delayMs, fire) {
      const timer = { at: now + delayMs, fire };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
  };
  /** Moves time on, timer by timer; without an end until nobody waits any more. */
  const advance = async (ms = Number.POSITIVE_INFINITY): Promise<void> => {
    const end = now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = [...timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      timers.delete(next);
      now = next.at;
      next.fire();
    }
    if (Number.isFinite(end)) now = end;
  };
  return { clock, advance };
}

test('no window of time sees more than its burst and what the rate allows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 }),
      async (qps, burst, pauses) => {
        const { clock, advance } = jumpingClock();
        const limit = createRateLimit(clock, { qps, burst });
        const sent: number[] = [];
        for (const pause of pauses) {
          await advance(pause);
          void limit.acquire().then(() => sent.push(clock.now()));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await advance();
        expect(sent).toHaveLength(pauses.length);
        sent.forEach((to, last) => {
          sent.slice(0, last + 1).forEach((from, first) => {
            expect(last - first + 1).toBeLessThanOrEqual(burst + ((to - from) * qps) / 1000 + 1e-3);
          });
        });
      },
    ),
    { numRuns: 50 },
  );
});

test('callers are served in the order they came', async () => {
  const { clock, advance } = jumpingClock();
  const limit = createRateLimit(clock, { qps: 10, burst: 1 });
  const order: number[] = [];
  for (let caller = 0; caller < 5; caller++) void limit.acquire().then(() => order.push(caller));
  await advance();
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(clock.now()).toBe(400);
});

test('a negative rate is no limit', async () => {
  const { clock } = jumpingClock();
  const limit = createRateLimit(clock, { qps: -1, burst: 1 });
  for (let i = 0; i < 1000; i++) await limit.acquire();
  expect(clock.now()).toBe(0);
});
