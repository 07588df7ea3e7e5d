import type { CanaryStatus } from '../../lib/api/canary.js';
import type { Pages } from './chronicle.js';
import { lateness } from './steps.js';

const start = Date.parse('2026-01-01T00:00:00Z');

/** Steps of 10, due every ten seconds, each so many milliseconds late in the status and then in the route. */
function pages(...late: readonly (readonly [number, number])[]): Pages {
  const stands = late.map(([lateMs], index) => ({
    order: 2 * index,
    at: start + index * 10_000 + lateMs,
    status: {
      phase: 'Progressing',
      canaryWeight: 10 * (index + 1),
      lastCheckTime: new Date(start + index * 10_000).toISOString(),
    } as CanaryStatus,
  }));
  const weights = late.map(([, routedMs], index) => ({
    order: 2 * index + 1,
    at: start + index * 10_000 + routedMs,
    weight: 10 * (index + 1),
  }));
  return { stands, weights, targets: [], primaries: [], events: [], checks: [] };
}

test('a step is late by what lies between its due time, an interval after the last one’s, and its status', () => {
  expect(lateness([pages([0, 5], [30, 60], [20, 40])])).toEqual({
    steps: 2,
    ...{ p50: 30, p99: 30, most: 30 },
    routed: { p50: 60, p99: 60, most: 60 },
    gap: { p50: 10_030, p99: 10_030 },
  });
});

test('the first step of a run is due at no certain time', () => {
  expect(lateness([pages([4_000, 4_010])])).toMatchObject({ steps: 0, p99: 0 });
});
