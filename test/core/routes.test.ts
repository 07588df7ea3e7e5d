import { phases } from '../../lib/api/canary.js';
import { desiredRoutes } from '../../lib/core/routes.js';
import fc from '../property.js';
import { World } from './model.js';

const router = { weights: true, abTest: true, mirror: true };
const { spec } = new World({ analysis: { iterations: 3, mirror: true } }).canary;

test.each(['Failed', 'Waiting', 'Progressing', 'WaitingPromotion', 'Promoting'] as const)(
  'in %s the canary has the weight of the status',
  (phase) => {
    expect(desiredRoutes(spec, { phase, canaryWeight: 30 }, router)).toEqual({
      primary: 70,
      canary: 30,
      mirrored: false,
    });
  },
);

test.each([
  '',
  'Initializing',
  'Initialized',
  'Finalising',
  'Succeeded',
  'Terminating',
  'Terminated',
] as const)('in phase "%s" the primary has everything', (phase) => {
  expect(desiredRoutes(spec, { phase, canaryWeight: 30 }, router)).toEqual({
    primary: 100,
    canary: 0,
    mirrored: false,
  });
});

test('requests are copied as soon as the first iteration is on, until the canary gets requests of its own', () => {
  const mirrored = (iterations: number, canaryWeight: number) =>
    desiredRoutes(spec, { phase: 'Progressing', iterations, canaryWeight }, router).mirrored;
  expect([mirrored(0, 0), mirrored(1, 0), mirrored(4, 100)]).toEqual([false, true, false]);
});

test('a router that cannot mirror is never asked to', () => {
  const status = { phase: 'Progressing', iterations: 1 } as const;
  expect(desiredRoutes(spec, status, { ...router, mirror: false }).mirrored).toBe(false);
});

test('weights sum to 100 for every status', () => {
  const status = fc.record({
    phase: fc.constantFrom(...phases),
    canaryWeight: fc.double(),
    iterations: fc.integer(),
  });
  fc.assert(
    fc.property(status, (given) => {
      const { primary, canary } = desiredRoutes(spec, given, router);
      expect(primary + canary).toBe(100);
      expect(canary).toBeGreaterThanOrEqual(0);
      expect(canary).toBeLessThanOrEqual(100);
    }),
  );
});
