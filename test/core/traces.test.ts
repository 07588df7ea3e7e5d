import type { Answer, Question } from '../../lib/core/decision.js';
import { approve, settledWorld, T0, v2, type World } from './model.js';

test('a good release shows the events of Flagger in their order', () => {
  const world = settledWorld();
  world.release(v2);
  world.run();
  expect(world.texts).toEqual([
    'New revision detected! Scaling up podinfo.test',
    'Starting canary analysis for podinfo.test',
    'Advance podinfo.test canary weight 10',
    'Advance podinfo.test canary weight 20',
    'Advance podinfo.test canary weight 30',
    'Advance podinfo.test canary weight 40',
    'Advance podinfo.test canary weight 50',
    'Copying podinfo.test template spec to podinfo-primary.test',
    'Routing all traffic to primary',
    'Promotion completed! Scaling down podinfo.test',
  ]);
  expect(world.phases).toEqual(['Progressing', 'Promoting', 'Finalising', 'Succeeded']);
  expect(world.weights).toEqual([10, 20, 30, 40, 50, 0]);
  expect(world.alerts).toEqual([
    'info: New revision detected, progressing canary analysis.',
    'info: Canary analysis completed successfully, promotion finished.',
  ]);
  expect(world.primary?.revision).toBe(v2);
  expect(world.target.awake).toBe(false);
});

test('a release that answers errors shows the events of Flagger in their order', () => {
  const rates = [86.734, 50, 48.18, 53.64, 54.64];
  const answer = (question: Question): Answer =>
    question.type === 'metric' ? { kind: 'value', value: rates.shift() ?? 0 } : approve(question);
  const world = settledWorld({ answer });
  world.release(v2);
  world.run();
  expect(world.texts).toEqual([
    'New revision detected! Scaling up podinfo.test',
    'Starting canary analysis for podinfo.test',
    'Advance podinfo.test canary weight 10',
    'Halt podinfo.test advancement success rate 86.73% < 99%',
    'Halt podinfo.test advancement success rate 50.00% < 99%',
    'Halt podinfo.test advancement success rate 48.18% < 99%',
    'Halt podinfo.test advancement success rate 53.64% < 99%',
    'Halt podinfo.test advancement success rate 54.64% < 99%',
    'Rolling back podinfo.test failed checks threshold reached 5',
    'Canary failed! Scaling down podinfo.test',
  ]);
  expect(world.phases).toEqual(['Progressing', 'Failed']);
  expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
  expect(world.target.awake).toBe(false);
  expect(world.status).toMatchObject({ failedChecks: 0, canaryWeight: 0, lastAppliedSpec: v2 });
  expect(world.status.lastCheckTime).toBeUndefined();
});

test('weights 5 to 50 in steps of 5 take ten intervals and the start of pods', () => {
  const world = settledWorld({ analysis: { stepWeight: 5, maxWeight: 50 } });
  const released = world.now;
  world.release(v2);
  world.run();
  const told = (start: string) => world.events.filter(({ text }) => text.startsWith(start));
  const steps = told('Advance').map(({ at }) => at + T0 - released);
  const ready = world.startMs;
  expect(steps).toEqual(Array.from({ length: 10 }, (_, step) => ready + step * 10_000));
  expect(told('Copying')[0]?.at).toBe(released - T0 + ready + 100_000);
  expect(told('Promotion')[0]?.at).toBe(released - T0 + ready + 100_000 + world.startMs);
});

test('the failed check that reaches the threshold rolls back at once', () => {
  const answer = (question: Question): Answer =>
    question.type === 'metric' ? { kind: 'value', value: 50 } : approve(question);
  const world: World = settledWorld({ answer, analysis: { threshold: 2 } });
  world.release(v2);
  world.run();
  const at = (start: string) => world.events.filter(({ text }) => text.startsWith(start)).at(-1)?.at;
  expect(at('Canary failed!')).toBe(at('Halt'));
});
