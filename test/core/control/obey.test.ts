import { type ControlRequest, controlAnnotation, controlVerbs } from '../../../lib/api/canary.js';
import type { Answer, Question } from '../../../lib/core/decision.js';
import fc from '../../property.js';
import { approve, hook, type Settings, settledWorld, v1, v2, v3, type World } from '../model.js';

let ids = 0;

/** Writes a request as a client does. */
function ask(world: World, request: Partial<ControlRequest>): void {
  const text = JSON.stringify({ id: `r${ids++}`, by: 'jane', at: '2026-01-01T00:00:00Z', ...request });
  annotate(world, text);
}

function annotate(world: World, text: string): void {
  const { metadata } = world.canary;
  world.canary = { ...world.canary, metadata: { ...metadata, annotations: { [controlAnnotation]: text } } };
}

function running(settings: Settings = {}, untilMs = 40_000): World {
  const world = settledWorld(settings);
  world.release(v2);
  return world.run(untilMs);
}

const failing = (question: Question): Answer =>
  question.type === 'metric' ? { kind: 'value', value: 12 } : approve(question);

const gateClosed =
  (type: string) =>
  (question: Question): Answer =>
    question.type === 'hook' && question.webhook.type === type
      ? { ok: false, error: 'no' }
      : approve(question);

const lastRecord = (world: World) => world.status.control?.at(-1);

test('a paused release takes no step and asks nobody, until it is resumed', () => {
  const world = running({ analysis: { webhooks: [hook('rollout')] } });
  const weight = world.status.canaryWeight;
  expect(weight).toBeGreaterThan(0);
  ask(world, { verb: 'pause', reason: 'looking at it' });
  world.run(60_000);
  world.hooks.length = 0;
  world.run(600_000);
  expect(world.status).toMatchObject({ phase: 'Progressing', canaryWeight: weight });
  expect(world.status.paused).toMatchObject({ by: 'jane', reason: 'looking at it' });
  expect(world.hooks).toEqual([]);
  ask(world, { verb: 'resume' });
  world.run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
  expect(world.status.paused).toBeUndefined();
});

test('a paused release whose pods fail for good is rolled back all the same', () => {
  const world = running();
  ask(world, { verb: 'pause' });
  world.run(50_000);
  world.target.readyAt = Number.POSITIVE_INFINITY;
  world.target.deadlineAt = world.now;
  world.run();
  expect(world.status.phase).toBe('Failed');
  expect(world.status.paused).toBeUndefined();
});

test('a new revision during a pause starts from the beginning and stays paused', () => {
  const world = running();
  ask(world, { verb: 'pause' });
  world.run(50_000);
  world.release(v3);
  world.run(200_000);
  expect(world.status).toMatchObject({ phase: 'Progressing', canaryWeight: 0, lastAppliedSpec: v3 });
  expect(world.routes).toMatchObject({ primary: 100, canary: 0 });
});

test('promote takes one step without its check, and the rest is analysed', () => {
  const world = running();
  const before = world.status.canaryWeight ?? 0;
  ask(world, { verb: 'promote' });
  world.pass();
  expect(world.status.canaryWeight).toBe(before + 10);
  world.run();
  expect(world.status.phase).toBe('Succeeded');
});

test('a full promote ends the analysis at once, even where it would have failed', () => {
  const world = running({ answer: failing });
  ask(world, { verb: 'promote', full: true });
  world.run();
  expect(world.phases).toEqual(['Progressing', 'Promoting', 'Finalising', 'Succeeded']);
  expect(world.primary?.revision).toBe(v2);
  expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
});

test('promote stands in for the approval that a release waits for', () => {
  const settings = {
    analysis: { webhooks: [hook('confirm-rollout')] },
    answer: gateClosed('confirm-rollout'),
  };
  const world = running(settings);
  expect(world.status.phase).toBe('Waiting');
  ask(world, { verb: 'promote' });
  world.run();
  expect(world.status.phase).toBe('Succeeded');
});

test('promote stands in for the approval of the promotion', () => {
  const settings = {
    analysis: { webhooks: [hook('confirm-promotion')] },
    answer: gateClosed('confirm-promotion'),
  };
  const world = running(settings, 300_000);
  expect(world.status.phase).toBe('WaitingPromotion');
  ask(world, { verb: 'promote' });
  world.run();
  expect(world.status.phase).toBe('Succeeded');
});

test('abort rolls back at once and says who wanted it', () => {
  const world = running();
  ask(world, { verb: 'abort', reason: 'wrong build' });
  world.run();
  expect(world.status).toMatchObject({ phase: 'Failed', canaryWeight: 0, lastPromotedSpec: v1 });
  expect(world.target.awake).toBe(false);
  expect(world.alerts).toContain('warn: Canary aborted by jane: wrong build');
  expect(world.texts).toContain('Rolling back podinfo.test aborted by jane: wrong build');
});

test('abort declines a revision that waits for approval, and it does not come back', () => {
  const settings = {
    analysis: { webhooks: [hook('confirm-rollout')] },
    answer: gateClosed('confirm-rollout'),
  };
  const world = running(settings);
  ask(world, { verb: 'abort' });
  world.run();
  expect(world.status).toMatchObject({ phase: 'Failed', lastAppliedSpec: v2, lastPromotedSpec: v1 });
});

test('retry releases a failed revision again without a change of its template', () => {
  let value = 12;
  const world = running(
    { answer: (question) => (question.type === 'metric' ? { kind: 'value', value } : approve(question)) },
    3_600_000,
  );
  expect(world.status.phase).toBe('Failed');
  value = 100;
  ask(world, { verb: 'retry' });
  world.run(7_200_000);
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
});

test.each([
  ['pause', 'no release is under way, the phase is Initialized'],
  ['resume', 'it is not paused'],
  ['promote', 'no release is under way, the phase is Initialized'],
  ['abort', 'no release is under way, the phase is Initialized'],
  ['retry', 'only what has failed can be retried, and the phase is Initialized'],
] as const)('%s where nothing is released is refused once, and recorded', (verb, problem) => {
  const world = settledWorld();
  ask(world, { verb });
  world.run();
  expect(world.status.phase).toBe('Initialized');
  expect(lastRecord(world)).toMatchObject({ verb, by: 'jane', outcome: 'Refused', message: problem });
  expect(world.texts).toEqual([`Request to ${verb} podinfo.test by jane refused: ${problem}`]);
});

test('a request about another revision is refused', () => {
  const world = running();
  ask(world, { verb: 'abort', revision: v1 });
  world.run();
  expect(lastRecord(world)?.message).toBe(`it is about revision ${v1}, and ${v2} is there`);
  expect(world.status.phase).toBe('Succeeded');
});

test('while the primary is being updated it is too late to abort', () => {
  const world = running();
  world.run();
  world.canary = { ...world.canary, status: { ...world.status, phase: 'Promoting' } };
  ask(world, { verb: 'abort' });
  world.run();
  expect(lastRecord(world)).toMatchObject({ outcome: 'Refused' });
  expect(world.status.phase).toBe('Succeeded');
});

test.each([
  ['abort now', /expected JSON/],
  ['{"id":"x","verb":"stop"}', /^verb: /],
  ['{"id":"x","verb":"abort","wehn":1}', /wehn/],
  ['null', /the request: /],
])('%s in the annotation is complained of once', (text, problem) => {
  const world = running();
  annotate(world, text);
  world.run();
  expect(world.status.control).toHaveLength(1);
  expect(lastRecord(world)?.message).toMatch(problem);
  expect(world.texts.filter((said) => said.includes('refused'))).toHaveLength(1);
});

test('whatever is asked for, whenever, and wherever the controller stops: the release ends and each request is acted on once', () => {
  const times = fc.integer({ min: 0, max: 120_000 });
  const request = fc.record({ verb: fc.constantFrom(...controlVerbs), full: fc.boolean(), at: times });
  const choices = fc.array(fc.boolean(), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 6 }), choices, fc.nat(60), (requests, answers, effect) => {
      const left = [...answers];
      const world = settledWorld({
        analysis: { webhooks: [hook('confirm-rollout'), hook('rollout'), hook('confirm-promotion')] },
        answer: (question) => ((left.shift() ?? true) ? approve(question) : failing(question)),
      });
      world.release(v2);
      world.stopAt = { effect: world.effectsDone + effect, when: effect % 2 ? 'before' : 'after' };
      for (const { at, ...asked } of [...requests].sort((a, b) => a.at - b.at)) {
        world.run(at);
        ask(world, asked);
      }
      world.run();
      if (world.status.paused) {
        ask(world, { verb: 'resume' });
        world.run(7_200_000);
      }
      expect(['Succeeded', 'Failed']).toContain(world.status.phase);
      expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
      expect(world.target.awake).toBe(false);
      const seen = (world.status.control ?? []).map(({ id }) => id);
      expect(new Set(seen).size).toBe(seen.length);
    }),
    { numRuns: 200 },
  );
});
