import type { RunRecord } from '../../../lib/api/canary.js';
import { fold } from '../../../lib/core/chronicle/fold.js';
import type { Answer, Question } from '../../../lib/core/decision.js';
import fc from '../../property.js';
import { approve, hook, settledWorld, v2, v3, type World } from '../model.js';

const measuring =
  (value: () => number) =>
  (question: Question): Answer =>
    question.type === 'metric' ? { kind: 'value', value: value() } : approve(question);

const runs = (world: World) => world.status.history ?? [];
const last = (world: World) => runs(world).at(-1);

test('a run that succeeded is told step by step, with what was measured before each', () => {
  const world = settledWorld({ answer: measuring(() => 99.123456789) });
  expect(runs(world)).toEqual([]);
  world.release(v2);
  world.run();
  expect(runs(world)).toHaveLength(1);
  expect(last(world)).toMatchObject({ revision: v2, outcome: 'Succeeded' });
  expect(last(world)).not.toHaveProperty('cause');
  const measured = [{ metric: 'request-success-rate', value: 99.1235, min: 99 }];
  expect(last(world)?.steps.map(({ at: _, ...step }) => step)).toEqual([
    { weight: 0, reason: 'newRevision' },
    { weight: 10, reason: 'weightAdvanced' },
    ...[20, 30, 40, 50].map((weight) => ({ weight, reason: 'weightAdvanced', measured })),
    { weight: 50, reason: 'copying', measured },
    { weight: 0, reason: 'allToPrimary' },
  ]);
  const { startedAt = '', endedAt = '' } = last(world) ?? {};
  expect(Date.parse(endedAt)).toBeGreaterThan(Date.parse(startedAt));
});

test('a run that failed says why: what was measured, at which weight', () => {
  const rates = [100, 98.5, 97, 96, 95, 94];
  const world = settledWorld({ answer: measuring(() => rates.shift() ?? 0) });
  world.release(v2);
  world.run();
  expect(last(world)).toMatchObject({
    outcome: 'Failed',
    cause: 'Failed checks threshold reached 5: Halt podinfo.test advancement success rate 94.00% < 99%',
  });
  expect(last(world)?.steps.at(-1)).toMatchObject({
    weight: 20,
    reason: 'metricBreached',
    measured: [{ metric: 'request-success-rate', value: 94, min: 99 }],
  });
});

test('a metric without a number is measured too, without a value', () => {
  const world = settledWorld({
    analysis: { threshold: 1 },
    answer: (question) =>
      question.type === 'metric'
        ? { kind: 'noData', provider: 'nginx', detail: 'no values found' }
        : approve(question),
  });
  world.release(v2);
  world.run();
  expect(last(world)?.steps.at(-1)?.measured).toEqual([{ metric: 'request-success-rate', min: 99 }]);
});

test('a run that a newer revision replaces is superseded, and the newer one has its own', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(40_000);
  world.release(v3);
  world.run();
  expect(runs(world)).toMatchObject([
    { revision: v2, outcome: 'Superseded' },
    { revision: v3, outcome: 'Succeeded' },
  ]);
  expect(runs(world)[1]?.steps[0]?.reason).toBe('restarted');
});

test('waiting for approval is part of the run, told once with a count', () => {
  let asked = 0;
  const world = settledWorld({
    analysis: { webhooks: [hook('confirm-traffic-increase')] },
    answer: (question) =>
      question.type === 'hook' && ++asked < 6 ? { ok: false, error: 'no' } : approve(question),
  });
  world.release(v2);
  world.run();
  const waiting = last(world)?.steps.filter(({ reason }) => reason === 'gateRefused');
  expect(waiting).toMatchObject([{ weight: 0, times: 5 }]);
});

test('the last ten runs are kept, in order', () => {
  const world = settledWorld();
  const revisions = Array.from({ length: 12 }, (_, index) => `p1:00000000000001${index + 10}`);
  for (const [index, revision] of revisions.entries()) {
    world.release(revision);
    world.run((index + 1) * 200_000);
  }
  expect(runs(world).map(({ revision }) => revision)).toEqual(revisions.slice(2));
  expect(runs(world).every(({ steps, folded }) => steps.length === 8 && folded === undefined)).toBe(true);
});

const step = fc.record({
  at: fc.constant('2026-01-01T00:00:00Z'),
  weight: fc.nat(100),
  reason: fc.constantFrom('weightAdvanced', 'metricBreached'),
  message: fc.string({ maxLength: 300, unit: 'binary' }),
});
const run: fc.Arbitrary<RunRecord> = fc.record({
  revision: fc.string({ maxLength: 20 }),
  startedAt: fc.constant('2026-01-01T00:00:00Z'),
  steps: fc.array(step, { maxLength: 80 }),
});

test('the history never takes more than 32 KiB, keeps the order, and drops only from the beginning', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 14, size: 'max' }), (history) => {
      const kept = fold(history);
      expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(32_768);
      const newest = history.slice(-kept.length || history.length);
      expect(kept.map(({ revision }) => revision)).toEqual(newest.map(({ revision }) => revision));
      for (const [index, { steps, folded = 0 }] of kept.entries()) {
        expect(steps).toEqual(newest[index]?.steps.slice(folded));
        expect(steps.length > 0).toBe((newest[index]?.steps.length ?? 0) > 0);
      }
    }),
    { numRuns: 60 },
  );
});
