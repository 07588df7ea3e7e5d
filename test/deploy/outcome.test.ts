import { phases } from '../../lib/api/canary/status.js';
import type { Canary, CanaryStatus } from '../../lib/api/canary.js';
import { judge, stateOf } from '../../lib/deploy/outcome.js';
import fc from '../property.js';

const canary = (status: CanaryStatus): Canary =>
  ({ metadata: { name: 'web' }, spec: {}, status }) as unknown as Canary;
const ours = 'p1:0000000000000001';
const other = 'p1:0000000000000002';

test.each([
  ['promoted', { phase: 'Succeeded', lastAppliedSpec: ours, lastPromotedSpec: ours }, 'succeeded'],
  ['initialised', { phase: 'Initialized', lastAppliedSpec: ours }, 'succeeded'],
  ['rolled back', { phase: 'Failed', lastAppliedSpec: ours, lastPromotedSpec: other }, 'failed'],
  [
    'promoted again after another failed',
    { phase: 'Failed', lastAppliedSpec: ours, lastPromotedSpec: ours },
    'succeeded',
  ],
  ['not seen yet', { phase: 'Succeeded', lastAppliedSpec: other, lastPromotedSpec: other }, 'pending'],
  [
    'not seen yet after another failed',
    { phase: 'Failed', lastAppliedSpec: other, lastPromotedSpec: 'p1:03' },
    'pending',
  ],
  ['on its way', { phase: 'Progressing', lastAppliedSpec: ours, lastPromotedSpec: other }, 'pending'],
] as const)('a revision that is %s', (_what, status, verdict) => {
  expect(judge(canary({ ...status }), ours)).toBe(verdict);
});

test('what Flagger wrote is judged by its phase alone', () => {
  expect(judge(canary({ phase: 'Succeeded', lastAppliedSpec: '5978589476' }), ours)).toBe('succeeded');
  expect(judge(canary({ phase: 'Failed', lastAppliedSpec: '5978589476' }), ours)).toBe('failed');
});

test('a failed revision that is released again is on its way until the controller has begun', () => {
  expect(judge(canary({ phase: 'Failed', lastPromotedSpec: other }), ours)).toBe('pending');
});

test('a canary that was changed is judged when the controller has seen the change', () => {
  const status = { phase: 'Succeeded', lastAppliedSpec: ours, lastPromotedSpec: ours } as const;
  const changed = (observedGeneration: number) => ({
    ...canary({ ...status, observedGeneration }),
    metadata: { name: 'web', generation: 3 },
  });
  expect(judge(changed(2), ours)).toBe('pending');
  expect(stateOf(changed(2))).toBe('Succeeded, its changed specification is not looked at yet');
  expect(judge(changed(3), ours)).toBe('succeeded');
});

test.each([
  ['Reconciling', 'pending'],
  ['Stalled', 'failed'],
  ['Ready', 'succeeded'],
] as const)('what the target is now is judged by the condition %s', (type, verdict) => {
  const conditions = [{ type, status: 'True' }] as CanaryStatus['conditions'];
  expect(judge(canary({ phase: 'Succeeded', conditions }))).toBe(verdict);
});

test('nothing is decided before the canary is settled, and nothing succeeds that the status does not name', () => {
  const revision = fc.constantFrom('', ours, other);
  fc.assert(
    fc.property(
      fc.constantFrom(...phases),
      revision,
      revision,
      (phase, lastAppliedSpec, lastPromotedSpec) => {
        const verdict = judge(canary({ phase, lastAppliedSpec, lastPromotedSpec }), ours);
        if (!['Initialized', 'Succeeded', 'Failed'].includes(phase)) return verdict === 'pending';
        if (!lastAppliedSpec) return true;
        return verdict !== 'succeeded' || lastAppliedSpec === ours || lastPromotedSpec === ours;
      },
    ),
  );
});

test.each([
  [{}, 'no controller has looked at it yet'],
  [{ phase: 'Progressing', canaryWeight: 15 }, 'Progressing, 15 percent'],
  [{ phase: 'Progressing', canaryWeight: 0, iterations: 3 }, 'Progressing, iteration 3'],
  [{ phase: 'Promoting' }, 'Promoting'],
] as const)('%j is told as: %s', (status, text) => {
  expect(stateOf(canary({ ...status }))).toBe(text);
});
