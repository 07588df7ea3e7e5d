import type { Answer, Question } from '../../../lib/core/decision.js';
import { approve, hook, settledWorld, T0, v1, v2, v3, World } from '../model.js';

const flagger = '5f56684589';

/** Hooks of this type refuse until the time given, ms since the start. */
const closedUntil =
  (type: string, untilMs: number) =>
  (question: Question, world: World): Answer =>
    question.type === 'hook' && question.webhook.type === type && world.now - T0 < untilMs
      ? { ok: false, error: 'not yet' }
      : approve(question);

test('a new canary gets a primary first, then its traffic, then its target sleeps', () => {
  const world = new World();
  expect(world.pass().next).toBe('again');
  expect(world.status.phase).toBe('Initializing');
  world.run(1000);
  expect([world.apex, world.target.awake, world.routes]).toEqual(['target', true, undefined]);
  world.run();
  expect([world.apex, world.target.awake]).toEqual(['primary', false]);
  expect(world.texts).toEqual([
    'all the metrics providers are available!',
    'Initialization done! podinfo.test',
  ]);
  expect(world.alerts).toEqual(['info: New Deployment detected, initialization completed.']);
  expect(world.status).toMatchObject({ phase: 'Initialized', lastAppliedSpec: v1, lastPromotedSpec: v1 });
});

test('a metrics server that does not answer is said and stops nothing', () => {
  const world = new World({ answer: () => ({ ok: false, error: 'connection refused' }) }).run();
  expect(world.texts[0]).toBe('Error checking metric providers: connection refused');
  expect(world.status.phase).toBe('Initialized');
});

test('a first primary that never becomes ready leaves the target serving, and alerts', () => {
  const world = new World({ broken: [v1] }).run();
  expect(world.status.phase).toBe('Failed');
  expect([world.apex, world.target.awake, world.routes]).toEqual(['target', true, undefined]);
  expect(world.alerts).toEqual([
    expect.stringMatching(/^error: Progress deadline exceeded podinfo-primary.test not ready/),
  ]);
});

test('a target that is repaired after a failed initialisation is initialised with its new template', () => {
  const world = new World({ broken: [v1] }).run();
  world.release(v2);
  world.run();
  expect(world.status).toMatchObject({ phase: 'Initialized', lastPromotedSpec: v2 });
  expect(world.primary?.revision).toBe(v2);
});

test('a template that changes while the first primary starts is released afterwards, not swallowed', () => {
  const world = new World({ startMs: 3000 });
  world.run(1000);
  world.target.revision = v2;
  world.primary!.readyAt = world.now;
  world.run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
});

test('going back to what is promoted starts nothing', () => {
  const world = settledWorld();
  world.release(v1);
  world.run();
  expect(world.texts).toEqual([]);
});

test('a failed revision starts again when the target went back in between, and not by itself', () => {
  const world = settledWorld({
    answer: (question) => (question.type === 'metric' ? { kind: 'value', value: 0 } : approve(question)),
  });
  world.release(v2);
  world.run();
  const events = world.events.length;
  world.run();
  expect(world.events).toHaveLength(events);
  world.release(v1);
  world.run();
  expect([world.status.phase, world.events.length]).toEqual(['Failed', events]);
  world.release(v2);
  world.run();
  expect(world.events.length).toBeGreaterThan(events);
});

test('changed configs alone start a run', () => {
  const world = settledWorld();
  world.trackedConfigs = { 'configmap/app': 'b96f9dad043448ce' };
  world.run();
  expect(world.status).toMatchObject({ phase: 'Initialized', trackedConfigs: world.trackedConfigs });
  world.trackedConfigs = { 'configmap/app': '44136fa355b3678a' };
  world.run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', trackedConfigs: world.trackedConfigs });
  expect(world.primary?.trackedConfigs).toEqual(world.trackedConfigs);
});

test('a primary that is not ready is waited for before a run starts, and the revision is not swallowed', () => {
  const world = settledWorld();
  world.primary!.readyAt = world.now + 30_000;
  world.primary!.deadlineAt = world.now + 60_000;
  world.release(v2);
  world.run(world.now - T0 + 20_000);
  expect(world.status).toMatchObject({ phase: 'Initialized', lastAppliedSpec: v1 });
  world.run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
});

test.each(['Initialized', 'Succeeded', 'Failed'] as const)(
  'a canary that Flagger left in %s starts nothing',
  (phase) => {
    const world = new World({ status: { phase, lastAppliedSpec: flagger, lastPromotedSpec: flagger } });
    world.primary = { revision: undefined, awake: true, readyAt: T0, deadlineAt: T0 };
    world.target.awake = false;
    world.run();
    expect(world.texts).toEqual([]);
    expect(world.status).toMatchObject({ phase, lastAppliedSpec: v1, lastPromotedSpec: v1 });
  },
);

test('a run that Flagger left at a weight goes on from it', () => {
  const status = {
    phase: 'Progressing',
    canaryWeight: 30,
    lastAppliedSpec: flagger,
    lastPromotedSpec: 'bbbb',
  } as const;
  const world = new World({ status });
  world.primary = { revision: undefined, awake: true, readyAt: T0, deadlineAt: T0 };
  world.run();
  expect(world.weights).toEqual([30, 40, 50, 0]);
  expect(world.status.phase).toBe('Succeeded');
});

test('a gate of type confirm-rollout keeps a run waiting and is asked every interval', () => {
  const gate = hook('confirm-rollout', 'gate');
  const world = settledWorld({
    analysis: { webhooks: [gate] },
    answer: closedUntil('confirm-rollout', 40_000),
  });
  world.release(v2);
  world.run(30_000);
  expect(world.status).toMatchObject({ phase: 'Waiting', lastAppliedSpec: v1 });
  expect(world.texts).toEqual(['Halt podinfo.test advancement waiting for approval gate']);
  expect(world.alerts).toEqual(['warn: Canary is waiting for approval.']);
  expect(world.hooks.slice(0, 2)).toEqual(['gate:Initialized', 'gate:Waiting']);
  world.run();
  expect(world.texts.slice(1, 3)).toEqual([
    'Confirm-rollout check gate passed',
    'New revision detected! Scaling up podinfo.test',
  ]);
  expect(world.status.phase).toBe('Succeeded');
});

test('a hook of type rollback is heard while Waiting, and declines the revision', () => {
  const world = settledWorld({
    analysis: { webhooks: [hook('confirm-rollout', 'gate'), hook('rollback', 'undo')] },
    answer: (question, { now }) => {
      if (question.type !== 'hook') return approve(question);
      return { ok: question.webhook.name === 'undo' && now - T0 > 40_000, error: 'no' };
    },
  });
  world.release(v2);
  world.run(30_000);
  expect(world.status.phase).toBe('Waiting');
  world.run();
  expect(world.texts.slice(1)).toEqual([
    'Rollback check undo passed',
    'Rolling back podinfo.test manual webhook invoked',
    'Canary failed! Scaling down podinfo.test',
  ]);
  expect(world.status).toMatchObject({ phase: 'Failed', lastAppliedSpec: v2, lastPromotedSpec: v1 });
  expect(world.hooks).toContain('undo:Waiting');
  expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
});

test('a muted gate sends no alert', () => {
  const gate = hook('confirm-rollout', 'gate', { muteAlert: true });
  const world = settledWorld({
    analysis: { webhooks: [gate] },
    answer: closedUntil('confirm-rollout', 40_000),
  });
  world.release(v2);
  world.run(30_000);
  expect(world.alerts).toEqual([]);
});

test('a suspended canary is said to be so, and nothing is done', () => {
  const world = new World({ spec: { suspend: true } }).run();
  world.run();
  expect(world.texts).toEqual(['skipping canary run as object is suspended']);
  expect(world.effectsDone).toBe(world.events.length + 1);
  expect(world.status).toEqual({});
});

test('a canary that is being deleted is left alone', () => {
  const world = settledWorld();
  world.canary.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
  expect(world.pass()).toEqual({ effects: [], next: 'wait' });
});

test('a target that cannot be used is said once an interval, and a run without it ends at its deadline', () => {
  const world = settledWorld({ spec: { progressDeadlineSeconds: 60 } });
  world.release(v2);
  world.run(30_000);
  world.targetError = 'deployment podinfo.test get query error: not found';
  world.run(world.now - T0 + 300_000);
  expect(world.status.phase).toBe('Failed');
  expect(world.routes?.canary).toBe(0);
  expect(world.alerts.at(-1)).toBe(`error: Progress deadline exceeded ${world.targetError}`);
});

test('a new revision during a run starts the analysis again from no traffic', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(36_000);
  const weight = world.status.canaryWeight;
  world.release(v3);
  world.run();
  expect(weight).toBeGreaterThan(0);
  expect(world.texts).toContain('New revision detected! Restarting analysis for podinfo.test');
  expect(world.weights.slice(world.weights.indexOf(0))).toEqual([0, 10, 20, 30, 40, 50, 0]);
  expect(world.primary?.revision).toBe(v3);
});
