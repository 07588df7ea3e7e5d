import type { Answer, Question } from '../../lib/core/decision.js';
import { approve, hook, type Settings, settledWorld, v2, v3, World } from './model.js';

interface Scenario {
  readonly name: string;
  readonly settings?: Settings;
  readonly start: (settings: Settings) => World;
  readonly changes?: (world: World) => void;
}

const failing = (question: Question): Answer =>
  question.type === 'metric' ? { kind: 'value', value: 12 } : approve(question);

const compared = { name: 'request-success-rate', comparison: {} };
const counted =
  (bad: number) =>
  (question: Question): Answer =>
    question.type === 'counts'
      ? {
          kind: 'counts',
          canary: { requests: 100, bad: [bad] },
          primary: { requests: 900, bad: [9] },
        }
      : approve(question);
const worse = counted(4);
const asGood = counted(1);

const released = (settings: Settings) => {
  const world = settledWorld(settings);
  world.release(v2);
  return world;
};

const scenarios: readonly Scenario[] = [
  { name: 'an initialisation', start: (settings) => new World(settings) },
  { name: 'a promotion by weights', start: released },
  {
    name: 'a promotion of changed configs',
    start(settings) {
      const world = settledWorld(settings);
      world.trackedConfigs = { 'secret/app': 'b96f9dad043448ce' };
      world.run();
      world.trackedConfigs = { 'secret/app': '44136fa355b3678a' };
      return world;
    },
  },
  {
    name: 'a promotion by rising steps',
    settings: { analysis: { stepWeights: [1, 5, 50] } },
    start: released,
  },
  { name: 'a rollback by failed checks', settings: { answer: failing }, start: released },
  {
    name: 'a rollback by a comparison',
    settings: { analysis: { interval: '1m', metrics: [compared] }, answer: worse },
    start: released,
  },
  {
    name: 'a promotion after comparisons',
    settings: { analysis: { interval: '1m', metrics: [compared] }, answer: asGood },
    start: released,
  },
  { name: 'a rollback by deadline', settings: { broken: [v2] }, start: released },
  { name: 'a blue/green release', settings: { analysis: { iterations: 3 } }, start: released },
  {
    name: 'a mirrored blue/green release',
    settings: { analysis: { iterations: 3, mirror: true } },
    start: released,
  },
  { name: 'a mirrored canary', settings: { analysis: { mirror: true } }, start: released },
  {
    name: 'an A/B test',
    settings: { analysis: { iterations: 3, match: [{ headers: { 'x-canary': { exact: 'yes' } } }] } },
    start: released,
  },
  { name: 'traffic returned in steps', settings: { analysis: { stepWeightPromotion: 20 } }, start: released },
  { name: 'a release without analysis', settings: { spec: { skipAnalysis: true } }, start: released },
  {
    name: 'gates that approve',
    settings: {
      analysis: {
        webhooks: [
          hook('confirm-rollout'),
          hook('pre-rollout'),
          hook('confirm-traffic-increase'),
          hook('confirm-promotion'),
        ],
      },
    },
    start: released,
  },
  {
    name: 'a revision in the middle of a run',
    start: (settings) => {
      const world = released(settings).run(50_000);
      world.release(v3);
      return world;
    },
  },
  {
    name: 'a kubernetes provider',
    settings: { provider: 'kubernetes', router: { weights: false, abTest: false, mirror: false } },
    start: released,
  },
];

const outcome = (world: World) => ({
  phase: world.status.phase,
  applied: world.status.lastAppliedSpec,
  promoted: world.status.lastPromotedSpec,
  counters: [world.status.canaryWeight, world.status.iterations, world.status.failedChecks],
  rollingBack: world.status.phase === 'Failed' && world.status.lastCheckTime,
  routes: world.routes,
  apex: world.apex,
  target: [world.target.awake, world.target.revision],
  primary: world.primary?.revision,
  weights: world.weights,
  compared: world.status.comparisons,
  history: world.status.history?.map(({ outcome, steps }) => [outcome, steps.map(({ reason }) => reason)]),
  phases: world.phases,
});

describe.each(scenarios)('$name', ({ settings = {}, start }) => {
  const calm = start(settings);
  const before = calm.effectsDone;
  calm.run();
  const effects = calm.effectsDone - before;

  test.each(['before', 'after'] as const)('ends the same when stopped %s any effect', (when) => {
    expect(effects).toBeGreaterThan(3);
    for (let effect = 0; effect <= effects; effect++) {
      const world = start(settings);
      world.stopAt = { effect: world.effectsDone + effect, when };
      world.run();
      expect({ effect, ...outcome(world) }).toEqual({ effect, ...outcome(calm) });
    }
  });
});

test('a rollback that is interrupted is still counted and alerted', () => {
  const calm = released({ answer: failing });
  const before = calm.effectsDone;
  calm.run();
  for (let effect = 0; effect < calm.effectsDone - before; effect++) {
    const world = released({ answer: failing });
    world.stopAt = { effect: world.effectsDone + effect, when: 'after' };
    world.run();
    expect(world.alerts).toContain('error: Failed checks threshold reached 5');
    expect(world.counts).toContain('failure/completed');
  }
});

test('a rollback by a comparison that is interrupted is still alerted with its numbers', () => {
  const settings = { analysis: { metrics: [compared] }, answer: worse };
  const calm = released(settings);
  const before = calm.effectsDone;
  calm.run();
  for (let effect = 0; effect < calm.effectsDone - before; effect++) {
    const world = released(settings);
    world.stopAt = { effect: world.effectsDone + effect, when: 'after' };
    world.run();
    expect(world.alerts.at(-1)).toBe(calm.alerts.at(-1));
    expect(world.counts).toContain('failure/completed');
  }
  expect(calm.alerts.at(-1)).toMatch(/requests failed \(4\.00%\)/);
});

test('a promotion that is interrupted is still counted and alerted', () => {
  const calm = released({});
  const before = calm.effectsDone;
  calm.run();
  for (let effect = 0; effect < calm.effectsDone - before; effect++) {
    const world = released({});
    world.stopAt = { effect: world.effectsDone + effect, when: 'after' };
    world.run();
    expect(world.texts).toContain('Promotion completed! Scaling down podinfo.test');
    expect(world.alerts).toContain('info: Canary analysis completed successfully, promotion finished.');
    expect(world.counts).toContain('success/completed');
    expect(world.status.lastCheckTime).toBeUndefined();
  }
});

const fiveMinutes = 300_000;

/** What is alerted when the controller is stopped right after any effect, once each, and the status it ends with. */
function stoppedAnywhere(start: () => World): { readonly alerts: string[]; readonly unsaid: unknown }[] {
  const calm = start();
  const before = calm.effectsDone;
  calm.run(fiveMinutes);
  return Array.from({ length: calm.effectsDone - before }, (_, effect) => {
    const world = start();
    world.stopAt = { effect: world.effectsDone + effect, when: 'after' };
    world.run(fiveMinutes);
    return { alerts: world.alerts, unsaid: world.status.unsaid };
  });
}

const noGate = (question: Question): Answer =>
  question.type === 'hook' && question.webhook.type?.startsWith('confirm-')
    ? { ok: false, error: 'not yet' }
    : approve(question);

test.each<[string, string, () => World]>([
  ['an initialisation', 'info: New Deployment detected, initialization completed.', () => new World({})],
  ['a start', 'info: New revision detected, progressing canary analysis.', () => released({})],
  [
    'a start that is superseded at once',
    'info: New revision detected, progressing canary analysis.',
    () => {
      const world = released({ startMs: 20_000 });
      world.pass();
      world.release(v3);
      return world;
    },
  ],
  [
    'a wait for approval',
    'warn: Canary is waiting for approval.',
    () => released({ answer: noGate, analysis: { webhooks: [hook('confirm-rollout')] } }),
  ],
  [
    'a wait for the word to promote',
    'warn: Canary promotion is waiting for approval.',
    () => released({ answer: noGate, analysis: { webhooks: [hook('confirm-promotion')] } }),
  ],
])('%s that is interrupted is still alerted, and in a calm run once', (_, text, start) => {
  const calm = start().run(fiveMinutes);
  expect(calm.alerts.filter((alert) => alert === text)).toHaveLength(1);
  for (const { alerts, unsaid } of stoppedAnywhere(start)) {
    expect(alerts).toContain(text);
    expect(unsaid).toBeUndefined();
  }
});

test('a rollback that is interrupted tells its cause', () => {
  const calm = released({ broken: [v2] }).run();
  expect(calm.alerts.at(-1)).toMatch(/^error: Progress deadline exceeded/);
  for (let effect = 1; effect < calm.effectsDone; effect++) {
    const world = released({ broken: [v2] });
    world.stopAt = { effect, when: 'after' };
    world.run();
    expect(world.alerts.at(-1)).toBe(calm.alerts.at(-1));
  }
});
