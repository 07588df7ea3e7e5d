import type { CanaryAnalysis } from '../../lib/api/canary.js';
import { clampPercent, nextWeight, returningWeight } from '../../lib/core/weights.js';
import fc from '../property.js';

const analysis = (fields: Partial<CanaryAnalysis>): CanaryAnalysis => ({
  interval: '10s',
  threshold: 1,
  ...fields,
});

/** All weights of a run that nothing stops. */
function weightsOf(policy: CanaryAnalysis): number[] {
  const weights: number[] = [];
  for (let weight = nextWeight(policy, 0); weight !== undefined; weight = nextWeight(policy, weight)) {
    weights.push(weight);
  }
  return weights;
}

test('stepWeight adds up to 100', () => {
  expect(weightsOf(analysis({ stepWeight: 30 }))).toEqual([30, 60, 90, 100]);
});

test('stepWeights are taken as they are listed', () => {
  expect(weightsOf(analysis({ stepWeights: [1, 10, 50] }))).toEqual([1, 10, 50]);
});

test('stepWeights that do not rise are left out', () => {
  expect(weightsOf(analysis({ stepWeights: [10, 30, 20, 50] }))).toEqual([10, 30, 50]);
});

test('a weight that is no longer in the list goes on with the next above it', () => {
  expect(nextWeight(analysis({ stepWeights: [10, 20, 40] }), 15)).toBe(20);
});

test('a policy without steps has no next weight', () => {
  expect(nextWeight(analysis({ stepWeight: 0 }), 0)).toBeUndefined();
});

test('weights rise strictly and stay within 100, whatever the policy', () => {
  const steps = fc.oneof(
    fc.record({ stepWeight: fc.integer({ min: -10, max: 300 }) }),
    fc.record({ stepWeights: fc.array(fc.integer({ min: -50, max: 200 })) }),
  );
  fc.assert(
    fc.property(steps, (fields) => {
      const weights = weightsOf(analysis(fields));
      expect(weights.every((weight, at) => weight > (weights[at - 1] ?? 0) && weight <= 100)).toBe(true);
    }),
  );
});

test('returning traffic falls to 0 in steps, at once without one', () => {
  expect(returningWeight(50, 20)).toBe(30);
  expect(returningWeight(10, 20)).toBe(0);
  expect(returningWeight(50, 0)).toBe(0);
});

test('a weight is a whole percentage, whatever a status says', () => {
  expect([undefined, Number.NaN, -1, 12.7, 130].map(clampPercent)).toEqual([0, 0, 0, 12, 100]);
});
