import type { Answer, Question } from '../../../lib/core/decision.js';
import { approve, hook, type Settings, settledWorld, T0, v2, v3, type World } from '../model.js';

const kubernetes = { provider: 'kubernetes', router: { weights: false, abTest: false, mirror: false } };
const match = [{ headers: { cookie: { exact: 'canary' } } }];

function released(settings: Settings): World {
  const world = settledWorld(settings);
  world.release(v2);
  return world;
}

/** Events between the start and the end of the analysis. */
const steps = (world: World) =>
  world.texts.slice(
    2,
    world.texts.findIndex((text) => text.startsWith('Copying')),
  );

const refuse = (type: string, times: number) => {
  let left = times;
  return (question: Question): Answer =>
    question.type === 'hook' && question.webhook.type === type && left-- > 0
      ? { ok: false, error: 'no' }
      : approve(question);
};

test('blue/green checks as often as asked, then sends everything to the canary for one more', () => {
  const world = released({ analysis: { iterations: 2 } }).run();
  expect(steps(world)).toEqual([
    'Advance podinfo.test canary iteration 1/2',
    'Advance podinfo.test canary iteration 2/2',
    'Routing all traffic to canary',
  ]);
  expect(world.weights).toEqual([100, 0]);
});

test('blue/green with mirroring copies requests until it sends them', () => {
  const world = released({ analysis: { iterations: 2, mirror: true } });
  world.run(15_000);
  expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: true });
  world.run();
  expect(steps(world).at(-1)).toBe('Stop traffic mirroring and route all traffic to canary');
});

test('an A/B test sends matching requests from the first step to the last check', () => {
  const world = released({ analysis: { iterations: 2, match } }).run();
  expect(steps(world)).toEqual([
    'Advance podinfo.test canary iteration 1/2',
    'Advance podinfo.test canary iteration 2/2',
  ]);
  expect(world.weights).toEqual([100, 0]);
});

test('a router without weights counts ten iterations and says so once', () => {
  const world = released({ ...kubernetes, analysis: { match } }).run();
  expect(steps(world).slice(0, 4)).toEqual([
    'A/B testing is not supported when using the kubernetes provider',
    'Progressive traffic is not supported when using the kubernetes provider',
    'Setting canaryAnalysis.iterations: 10',
    'Advance podinfo.test canary iteration 1/10',
  ]);
  expect(steps(world)).toHaveLength(13);
  expect(world.texts).not.toContain('Routing all traffic to primary');
  expect([world.weights, world.status.phase]).toEqual([[], 'Succeeded']);
});

test('a canary with mirroring copies requests before it sends any', () => {
  const world = released({ analysis: { mirror: true } });
  world.run(10_000);
  expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: true });
  world.run();
  expect(steps(world).slice(0, 2)).toEqual([
    'Advance podinfo.test canary weight 0',
    'Advance podinfo.test canary weight 10',
  ]);
});

test('mirroring on a router that cannot is left out', () => {
  const router = { weights: true, abTest: true, mirror: false };
  expect(released({ router, analysis: { mirror: true } }).run().weights).toEqual([10, 20, 30, 40, 50, 0]);
});

test('a policy without steps halts and is rolled back, and sends no traffic', () => {
  const world = released({ analysis: { stepWeight: 0, threshold: 1 } }).run();
  expect(world.texts.slice(2)).toEqual([
    'Halt podinfo.test advancement stepWeight or stepWeights name no weight above 0',
    'Rolling back podinfo.test failed checks threshold reached 1',
    'Canary failed! Scaling down podinfo.test',
  ]);
  expect(world.weights).toEqual([]);
});

test('traffic returns in steps of stepWeightPromotion, an interval apart', () => {
  const world = released({ analysis: { stepWeightPromotion: 20 } }).run();
  expect(world.weights).toEqual([10, 20, 30, 40, 50, 30, 10, 0]);
  const returns = world.events.filter(({ text }) => text.includes('primary weight'));
  expect(returns.map(({ text }) => text)).toEqual([
    'Advance podinfo.test primary weight 70',
    'Advance podinfo.test primary weight 90',
    'Advance podinfo.test primary weight 100',
  ]);
  expect(returns[1]!.at - returns[0]!.at).toBe(10_000);
});

test('a gate for more traffic keeps the weight, says so each interval, and fails no check', () => {
  const webhooks = [hook('confirm-traffic-increase', 'gate')];
  const world = released({ analysis: { webhooks }, answer: refuse('confirm-traffic-increase', 2) }).run();
  const halt = 'Halt podinfo.test advancement waiting for traffic increase approval gate';
  expect(world.texts.filter((text) => text === halt)).toHaveLength(2);
  expect(
    world.alerts.filter((text) => text === 'warn: Canary traffic increase is waiting for approval.'),
  ).toHaveLength(2);
  expect(world.weights).toEqual([10, 20, 30, 40, 50, 0]);
});

test('a gate for promotion keeps the weight of the canary while it waits, and is said once', () => {
  const webhooks = [hook('confirm-promotion', 'gate')];
  const world = released({ analysis: { webhooks }, answer: refuse('confirm-promotion', 3) });
  world.run(75_000);
  expect(world.status).toMatchObject({ phase: 'WaitingPromotion', canaryWeight: 50 });
  expect(world.routes?.canary).toBe(50);
  world.run();
  const halt = 'Halt podinfo.test advancement waiting for promotion approval gate';
  expect(world.texts.filter((text) => text === halt)).toHaveLength(1);
  expect(world.alerts).toContain('warn: Canary promotion is waiting for approval.');
  expect(world.weights).toEqual([10, 20, 30, 40, 50, 0]);
});

test('checks that fail while promotion waits for approval still roll back', () => {
  const webhooks = [hook('confirm-promotion', 'gate')];
  let bad = false;
  const answer = (question: Question): Answer => {
    if (question.type === 'metric') return { kind: 'value', value: bad ? 0 : 100 };
    return question.type === 'hook' ? { ok: false, error: 'no' } : approve(question);
  };
  const world = released({ analysis: { webhooks, threshold: 2 }, answer }).run(75_000);
  expect(world.status.phase).toBe('WaitingPromotion');
  bad = true;
  world.run();
  expect([world.status.phase, world.routes?.canary]).toEqual(['Failed', 0]);
});

test('a hook of type rollback ends the run, and says at each check that it does not', () => {
  const webhooks = [hook('rollback', 'panic')];
  const answer = (question: Question, world: World): Answer =>
    question.type === 'hook' ? ({ ok: world.now - T0 > 30_000, error: 'no' } as Answer) : approve(question);
  const world = released({ analysis: { webhooks }, answer }).run();
  expect(world.texts.filter((text) => text === 'Rollback hook panic not signaling a rollback')).toHaveLength(
    3,
  );
  expect(world.texts.slice(-3)).toEqual([
    'Rollback check panic passed',
    'Rolling back podinfo.test manual webhook invoked',
    'Canary failed! Scaling down podinfo.test',
  ]);
  expect(world.alerts.at(-1)).toBe('warn: Rolling back manual webhook invoked');
});

test('a pre-rollout hook that fails is a failed check, and is asked again', () => {
  const webhooks = [hook('pre-rollout', 'smoke')];
  const world = released({ analysis: { webhooks }, answer: refuse('pre-rollout', 1) }).run();
  expect(world.texts.slice(1, 5)).toEqual([
    'Starting canary analysis for podinfo.test',
    'Halt podinfo.test advancement pre-rollout check smoke failed no',
    'Starting canary analysis for podinfo.test',
    'Pre-rollout check smoke passed',
  ]);
  expect(world.status.failedChecks).toBe(1);
});

test('without analysis a revision that is ready is promoted at once', () => {
  const world = released({ spec: { skipAnalysis: true } }).run();
  expect(world.texts).toEqual([
    'New revision detected! Scaling up podinfo.test',
    'Copying podinfo.test template spec to podinfo-primary.test',
    'Promotion completed! Canary analysis was skipped for podinfo.test',
  ]);
  expect(world.counts).toEqual(['success/skipped']);
  expect([world.weights, world.target.awake]).toEqual([[], false]);
});

test('a spec that is edited during a run does not reset the weight', () => {
  const world = released({}).run(30_000);
  expect(world.status.canaryWeight).toBe(30);
  world.canary.spec.analysis = { ...world.canary.spec.analysis, stepWeight: 5, maxWeight: 40 };
  world.run();
  expect(world.weights).toEqual([10, 20, 30, 35, 40, 0]);
});

test('a revision that comes while the primary is being promoted is released after it', () => {
  const world = released({});
  while (world.status.phase !== 'Promoting') world.run(world.now - T0 + 500);
  world.run(world.now - T0 + 500);
  world.release(v3);
  world.run();
  expect(world.phases).toEqual([
    'Progressing',
    'Promoting',
    'Finalising',
    'Succeeded',
    'Progressing',
    'Promoting',
    'Finalising',
    'Succeeded',
  ]);
  expect(world.primary?.revision).toBe(v3);
});

test('a run that was not looked after for long does one check and does not catch up', () => {
  const world = released({}).run(20_000);
  world.now += 600_000;
  world.run();
  const late = world.events.filter(({ at }) => at > 600_000 && at < 640_000);
  expect(late.map(({ text }) => text)[0]).toBe('Advance podinfo.test canary weight 30');
  expect(late[1]!.at - late[0]!.at).toBe(10_000);
});
