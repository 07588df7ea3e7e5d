import type { Canary } from '../../lib/api/canary.js';
import { withComparisons } from '../../lib/cli/simulateComparison.js';
import { podinfo } from '../sim/podinfo.js';

it('compares the built-in metrics of a policy, and leaves the rest as it is', () => {
  const own = { tolerance: 2 };
  const metrics = [
    { name: 'request-success-rate', thresholdRange: { min: 99 } },
    { name: 'request-duration', comparison: own },
    { name: 'latency', templateRef: { name: 'latency' } },
  ];
  const given = podinfo('6.9.0', { metrics });
  const objects = withComparisons(given);
  const canary = objects.find(({ kind }) => kind === 'Canary') as Canary;
  expect(canary.spec.analysis.metrics?.map(({ comparison }) => comparison)).toEqual([{}, own, undefined]);
  expect(canary.spec.analysis.metrics?.[0]?.thresholdRange).toEqual({ min: 99 });
  expect(objects.filter(({ kind }) => kind !== 'Canary')).toEqual(
    given.filter(({ kind }) => kind !== 'Canary'),
  );
});
