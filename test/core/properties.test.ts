import { type CanaryAnalysis, phases } from '../../lib/api/canary.js';
import { effectiveMaxWeight } from '../../lib/api/defaults.js';
import type { Answer, Question } from '../../lib/core/decision.js';
import fc from '../property.js';
import {
  approve,
  hook,
  type Settings,
  settledWorld,
  successRate,
  T0,
  v1,
  v2,
  v3,
  type Workload,
  World,
} from './model.js';

const flagger = '5f56684589';
const routers = [
  { weights: true, abTest: true, mirror: true },
  { weights: true, abTest: true, mirror: false },
  { weights: true, abTest: false, mirror: false },
  { weights: false, abTest: false, mirror: false },
];

const match: NonNullable<CanaryAnalysis['match']> = [{ headers: { cookie: { exact: 'canary' } } }];

const policy: fc.Arbitrary<Partial<CanaryAnalysis>> = fc.oneof(
  fc.record({
    stepWeight: fc.integer({ min: 1, max: 60 }),
    maxWeight: fc.integer({ min: 1, max: 100 }),
    mirror: fc.boolean(),
    stepWeightPromotion: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({
    stepWeights: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }),
    stepWeightPromotion: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ iterations: fc.integer({ min: 1, max: 5 }), mirror: fc.boolean() }),
  fc.record({
    iterations: fc.integer({ min: 1, max: 5 }),
    match: fc.constant(match),
  }),
);

type Choice = 'yes' | 'no' | 'silence';

/** Answers chosen by the run: metrics pass, fail or have no data, gates open or not, as listed; `last` when it is used up. */
function answering(choices: readonly Choice[], last: Choice): (question: Question) => Answer {
  const left = [...choices];
  return (question) => {
    const choice = left.shift() ?? (question.type === 'metric' ? last : 'yes');
    if (choice === 'yes') return approve(question);
    if (question.type === 'metric') {
      return choice === 'no'
        ? { kind: 'value', value: 0 }
        : { kind: 'noData', provider: 'nginx', detail: 'no values found' };
    }
    return { ok: question.type === 'hook' && question.webhook.type === 'rollback', error: 'no' } as Answer;
  };
}

const allHooks = [
  hook('confirm-rollout'),
  hook('pre-rollout'),
  hook('rollout'),
  hook('confirm-traffic-increase'),
  hook('confirm-promotion'),
  hook('rollback'),
];

const run = fc.record({
  policy,
  router: fc.constantFrom(...routers),
  threshold: fc.integer({ min: 1, max: 3 }),
  choices: fc.array(fc.constantFrom<Choice>('yes', 'no', 'silence'), { maxLength: 60 }),
  last: fc.constantFrom<Choice>('yes', 'yes', 'silence'),
  onNoData: fc.constantFrom(undefined, 'fail', 'wait', 'pass'),
  hooks: fc.subarray(allHooks),
  skipAnalysis: fc.boolean(),
});

function worldOf({ policy, router, threshold, choices, last, onNoData, hooks, skipAnalysis }: Run) {
  return settledWorld({
    router,
    analysis: {
      ...policy,
      threshold,
      webhooks: hooks,
      metrics: [{ ...successRate, ...(onNoData && { onNoData }) }],
    },
    spec: skipAnalysis ? { skipAnalysis } : {},
    answer: answering(choices, last),
  });
}

type Run = typeof run extends fc.Arbitrary<infer R> ? R : never;

/** Where a controller stops once, by the number of effects that it has done since the release. */
const stop = fc.record({
  effect: fc.integer({ min: 0, max: 60 }),
  when: fc.constantFrom('before', 'after'),
});

test('weights sum to 100 in every route, stopped or not', () => {
  fc.assert(
    fc.property(run, stop, (given, { effect, when }) => {
      const world = worldOf(given);
      world.release(v2);
      world.stopAt = { effect: world.effectsDone + effect, when };
      world.run();
      expect(world.routed.length).toBeGreaterThan(0);
      for (const { primary, canary } of world.routed) {
        expect(primary + canary).toBe(100);
        expect(Math.min(primary, canary)).toBeGreaterThanOrEqual(0);
        expect([primary, canary].every(Number.isInteger)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('no step is taken twice, whatever the controller is stopped in', () => {
  fc.assert(
    fc.property(run, stop, (given, { effect, when }) => {
      const world = worldOf({ ...given, choices: [] });
      const peer = worldOf({ ...given, choices: [] });
      for (const each of [world, peer]) each.release(v2);
      world.stopAt = { effect: world.effectsDone + effect, when };
      world.run();
      peer.run();
      expect(world.weights).toEqual(peer.weights);
      expect(stepsOf(world)).toEqual(stepsOf(peer));
    }),
    { numRuns: 200 },
  );
});

/** Steps on record, each with its weight and iteration. */
function stepsOf({ status }: World): unknown {
  return status.history
    ?.at(-1)
    ?.steps.map(({ reason, weight, iteration, times }) => [reason, weight, iteration, times]);
}

/** Something that breaks for good, at a time after the release, ms. */
const mishap = fc.record({
  what: fc.constantFrom('primary', 'canary', 'new primary'),
  atMs: fc.integer({ min: 0, max: 120_000 }),
});

/** Breaks it in the middle of the run, unless that is over by then. */
function breakIn(
  world: World,
  { what, atMs }: typeof mishap extends fc.Arbitrary<infer M> ? M : never,
): void {
  const begun = world.now - T0;
  if (what === 'new primary') world.broken.add(v2);
  world.run(begun + atMs);
  const workload = what === 'primary' ? world.primary : world.target;
  const isOver = ['Succeeded', 'Failed'].includes(world.status.phase ?? '');
  if (what === 'new primary' || isOver || !workload?.awake) return;
  workload.readyAt = Number.POSITIVE_INFINITY;
  workload.deadlineAt = world.now + 30_000;
}

test('a run that fails ends with all traffic on pods that are ready', () => {
  let failures = 0;
  fc.assert(
    fc.property(run, mishap, (given, broken) => {
      // who only chooses among requests cannot take the others away from a primary that is broken
      const movesAll = given.router.weights && !('match' in given.policy && given.router.abTest);
      const world = worldOf({ ...given, skipAnalysis: false });
      world.release(v2);
      breakIn(world, broken);
      world.run();
      expect(['Succeeded', 'Failed']).toContain(world.status.phase);
      // a revision that was declined never had a pod that could serve instead of the primary's
      const hasRun = world.phases.includes('Progressing');
      if (world.status.phase !== 'Failed' || !hasRun || (broken.what !== 'canary' && !movesAll)) return;
      failures += 1;
      const { primary, canary } = world.routes!;
      const isReady = ({ awake, readyAt }: Workload) => awake && readyAt <= world.now;
      expect(isReady(canary > 0 ? world.target : world.primary!)).toBe(true);
      expect([primary, canary].toSorted()).toEqual([0, 100]);
    }),
    { numRuns: 400 },
  );
  expect(failures).toBeGreaterThan(50);
});

test('every run ends, stopped or not, with all traffic on the primary and the target asleep', () => {
  fc.assert(
    fc.property(run, stop, (given, { effect, when }) => {
      const world = worldOf(given);
      world.release(v2);
      world.stopAt = { effect: world.effectsDone + effect, when };
      world.run();
      expect(['Succeeded', 'Failed']).toContain(world.status.phase);
      expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
      expect(world.target.awake).toBe(false);
      expect(world.primary?.revision).toBe(world.status.phase === 'Succeeded' ? v2 : v1);
    }),
    { numRuns: 300 },
  );
});

test('the canary gets more with every step, until the traffic goes back', () => {
  fc.assert(
    fc.property(run, (given) => {
      const world = worldOf(given);
      world.release(v2);
      world.run();
      const peak = world.weights.indexOf(Math.max(...world.weights, 0));
      const rising = world.weights.slice(0, peak + 1);
      const falling = world.weights.slice(Math.max(peak, 0));
      const enough = effectiveMaxWeight({ interval: '10s', threshold: 1, ...given.policy });
      const byWeight = !('iterations' in given.policy) && given.router.weights;
      if (byWeight) expect(rising.slice(0, -1).every((weight) => weight < enough)).toBe(true);
      expect(rising.every((weight, at) => at === 0 || weight > rising[at - 1]!)).toBe(true);
      expect(falling.every((weight, at) => at === 0 || weight < falling[at - 1]!)).toBe(true);
      expect(world.weights.every((weight) => weight >= 0 && weight <= 100)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('the weights of a good run are those of its policy', () => {
  fc.assert(
    fc.property(run, (given) => {
      if ('iterations' in given.policy || !given.router.weights) return;
      const world = worldOf({ ...given, choices: [], last: 'yes', skipAnalysis: false });
      world.release(v2);
      world.run();
      const { stepWeight = 0, stepWeights = [], maxWeight = 100 } = given.policy;
      const listed = stepWeights.slice(0, stepWeights.indexOf(Math.max(...stepWeights)) + 1);
      const even = Array.from({ length: 100 }, (_, step) => Math.min(100, (step + 1) * stepWeight));
      const ascent =
        stepWeight > 0 ? even.slice(0, even.findIndex((weight) => weight >= maxWeight) + 1) : listed;
      const rising = ascent.filter((weight, at) => ascent.slice(0, at).every((before) => before < weight));
      const enough = stepWeight > 0 ? maxWeight : stepWeights.at(-1)!;
      const last = rising.findIndex((weight) => weight >= enough);
      expect(world.weights.slice(0, last + 1)).toEqual(rising.slice(0, last + 1));
      expect(world.weights[last + 1]).toBeLessThan(rising[last]!);
    }),
  );
});

test('no step is taken without a check that passed since the last one', () => {
  fc.assert(
    fc.property(run, (given) => {
      const world = worldOf({ ...given, choices: [], last: 'yes', skipAnalysis: false });
      world.release(v2);
      world.run();
      const steps = world.events.filter(({ text }) => /Advance .* (canary weight|iteration)/.test(text));
      steps.slice(1).forEach(({ at }, index) => {
        expect(at - steps[index]!.at).toBe(10_000);
      });
    }),
  );
});

/** Milliseconds between two moments at which a watch wakes the controller, or at which it starts again. */
const wakes = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 5, maxLength: 60 });

test('a check is made once an interval, however often the controller is woken in between', () => {
  fc.assert(
    fc.property(run, wakes, fc.array(fc.boolean(), { maxLength: 20 }), (given, gaps, verdicts) => {
      const checked: number[] = [];
      const answer = answering([], 'yes');
      const left = [...verdicts];
      const world = settledWorld({
        router: given.router,
        analysis: { ...given.policy, threshold: 3, webhooks: given.hooks, metrics: [successRate] },
        answer(question, { now }) {
          if (question.type !== 'metric') return answer(question);
          checked.push(now);
          return (left.shift() ?? true) ? answer(question) : { kind: 'value', value: 0 };
        },
      });
      checked.length = 0;
      world.release(v2);
      for (const gap of gaps) world.run(world.now - T0 + gap);
      world.run();
      expect(checked.length).toBeGreaterThan(0);
      checked.slice(1).forEach((at, index) => {
        expect(at - checked[index]!).toBeGreaterThanOrEqual(9_000);
      });
    }),
    { numRuns: 200 },
  );
});

const start = fc.record({
  phase: fc.constantFrom(...phases.filter((phase) => !phase.startsWith('Terminat'))),
  policy,
  router: fc.constantFrom(...routers),
  canaryWeight: fc.integer({ min: 0, max: 100 }),
  iterations: fc.integer({ min: -1, max: 7 }),
  failedChecks: fc.integer({ min: 0, max: 6 }),
  lastAppliedSpec: fc.constantFrom('', v1, v2, flagger),
  lastPromotedSpec: fc.constantFrom('', v1, flagger),
  checked: fc.boolean(),
  targetAwake: fc.boolean(),
  primary: fc.constantFrom('none', undefined, v1, v2),
  broken: fc.boolean(),
});

function found(given: typeof start extends fc.Arbitrary<infer S> ? S : never): World {
  const { phase, canaryWeight, iterations, failedChecks, lastAppliedSpec, lastPromotedSpec } = given;
  const at = new Date(T0 - 5000).toISOString();
  const settings: Settings = {
    router: given.router,
    analysis: given.policy,
    status: {
      phase,
      canaryWeight,
      iterations,
      failedChecks,
      lastAppliedSpec,
      lastPromotedSpec,
      lastTransitionTime: at,
      ...(given.checked ? { lastCheckTime: at } : {}),
    },
  };
  const world = new World(settings);
  world.target = { revision: v2, awake: given.targetAwake, readyAt: T0, deadlineAt: T0 };
  if (given.primary !== 'none') {
    const readyAt = given.broken ? Number.POSITIVE_INFINITY : T0;
    world.primary = { revision: given.primary, awake: true, readyAt, deadlineAt: T0 + 30_000 };
  }
  return world;
}

test('from every status, the next good revision is released', () => {
  fc.assert(
    fc.property(start, (given) => {
      const world = found(given).run(600_000);
      world.release(v3);
      world.run();
      expect(['Initialized', 'Succeeded']).toContain(world.status.phase);
      expect(world.status).toMatchObject({ lastAppliedSpec: v3, lastPromotedSpec: v3 });
      expect(world.primary?.revision).toBe(v3);
      expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
      expect(world.apex).toBe('primary');
    }),
    { numRuns: 500 },
  );
});
