import { checkTime, nextCheckAt, untilNext } from '../../lib/core/pace.js';
import type { Standing } from '../../lib/core/situation.js';
import fc from '../property.js';

const intervalMs = 10_000;

/** A run whose last check was due at `last`, at the moment `now`. */
function standing(last: number, now: number): Standing {
  return { status: { lastCheckTime: new Date(last).toISOString() }, intervalMs, now } as Standing;
}

/** When the check after one that was made at `now` is due. */
function dueAfter(last: number, now: number): number {
  const made = standing(last, now);
  return now + untilNext(made, { ...made.status, lastCheckTime: checkTime(made) });
}

test('checks that are made a little late keep their cadence, so that a run takes no longer than its intervals', () => {
  expect(dueAfter(0, 10_400)).toBe(20_000);
});

test('a check that had to wait for pods is followed by a whole interval: no step is judged by two seconds', () => {
  expect(dueAfter(0, 18_000)).toBe(28_000);
});

test('every step is measured for nine tenths of an interval at least, and for one at most', () => {
  fc.assert(
    fc.property(fc.nat(60_000), (lateMs) => {
      const now = nextCheckAt(standing(0, 0)) + lateMs;
      const measuredMs = dueAfter(0, now) - now;
      expect(measuredMs).toBeGreaterThanOrEqual(0.9 * intervalMs);
      expect(measuredMs).toBeLessThanOrEqual(intervalMs);
    }),
  );
});

test('a run’s first check comes when its turn does, and counts from then', () => {
  const [firstCheckAt, now] = [12_320, 12_345];
  const beginning = { status: {}, intervalMs, now, firstCheckAt } as Standing;
  expect(nextCheckAt(beginning)).toBe(firstCheckAt);
  expect(Date.parse(checkTime(beginning))).toBe(firstCheckAt);
});
