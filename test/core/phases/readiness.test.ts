import { approve, settledWorld, T0, v1, v2, v3 } from '../model.js';

const notReady =
  'canary deployment podinfo.test not ready: waiting for rollout to finish: 0 of 1 (readyThreshold 100%) updated replicas are available';

test('pods that start within the first interval are not complained about', () => {
  const world = settledWorld({ startMs: 9000 });
  world.release(v2);
  world.run();
  expect(world.texts.filter((text) => text.includes('not ready'))).toEqual([]);
});

test('pods that take longer are complained about once an interval', () => {
  const world = settledWorld({ startMs: 35_000 });
  const released = world.now;
  world.release(v2);
  world.run();
  const complaints = world.events.filter(({ text }) => text.includes('not ready'));
  const before = complaints.filter(({ text }) => text.startsWith('canary deployment'));
  expect(before.map(({ at }) => at + T0 - released)).toEqual([10_000, 20_000, 30_000]);
});

test('a canary that misses its deadline is rolled back at the deadline, with an alert', () => {
  const world = settledWorld({ broken: [v2] });
  const released = world.now;
  world.release(v2);
  world.run();
  expect(world.texts.slice(-3)).toEqual([
    notReady,
    `Rolling back podinfo.test progress deadline exceeded ${notReady}`,
    'Canary failed! Scaling down podinfo.test',
  ]);
  expect((world.events.at(-1)?.at ?? 0) + T0 - released).toBe(60_000);
  expect(world.alerts.at(-1)).toBe(`error: Progress deadline exceeded ${notReady}`);
  expect([world.status.phase, world.target.awake]).toEqual(['Failed', false]);
});

test('a primary that breaks during a run leaves the traffic with the canary that serves', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(36_000);
  world.primary!.readyAt = Number.POSITIVE_INFINITY;
  world.primary!.deadlineAt = world.now + 15_000;
  world.run();
  expect(world.status).toMatchObject({ phase: 'Failed', canaryWeight: 100 });
  expect([world.routes?.canary, world.target.awake]).toEqual([100, true]);
  expect(world.alerts.at(-1)).toMatch(/^error: Progress deadline exceeded podinfo-primary.test not ready/);
});

test('a new revision may repair a primary that broke while nothing ran, and is analysed first', () => {
  const world = settledWorld();
  world.primary!.readyAt = Number.POSITIVE_INFINITY;
  world.primary!.deadlineAt = world.now;
  world.release(v2);
  world.run();
  expect(world.weights).toEqual([100, 0]);
  expect(world.texts).toContain('Starting canary analysis for podinfo.test');
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
});

test('a failed promotion leaves the traffic with the canary, which was analysed', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(20_000);
  world.broken.add(v2);
  world.run();
  expect(world.status).toMatchObject({ phase: 'Failed', canaryWeight: 100 });
  expect([world.routes?.canary, world.target.awake]).toEqual([100, true]);
  expect(world.texts.at(-1)).toMatch(
    /^Promotion of podinfo.test failed, primary not ready: podinfo-primary.test not ready/,
  );
  expect(world.alerts.at(-1)).toMatch(/^error: Promotion failed, primary not ready: podinfo-primary.test/);
});

test('after a failed promotion the next revision is judged under the traffic it has, and repairs the primary', () => {
  const world = settledWorld();
  world.broken.add(v2);
  world.release(v2);
  world.target.awake = true;
  world.target.readyAt = world.now;
  world.run();
  expect(world.status.canaryWeight).toBe(100);
  world.release(v3);
  world.weights.length = 0;
  world.run();
  expect(world.weights).toEqual([0]);
  expect(world.primary?.revision).toBe(v3);
  expect(world.status.phase).toBe('Succeeded');
});

test('after a failed promotion whose primary healed the next revision starts from no traffic', () => {
  const world = settledWorld();
  world.broken.add(v2);
  world.release(v2);
  world.target.awake = true;
  world.target.readyAt = world.now;
  world.run();
  world.primary!.readyAt = world.now;
  world.weights.length = 0;
  world.release(v3);
  world.run();
  expect(world.weights).toEqual([0, 10, 20, 30, 40, 50, 0]);
});

test('after a failed promotion going back to the version before is a release: the primary has another one', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(20_000);
  world.broken.add(v2);
  world.run();
  expect(world.status).toMatchObject({ phase: 'Failed', lastPromotedSpec: v1 });
  world.release(v1);
  world.run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', canaryWeight: 0, lastPromotedSpec: v1 });
  expect(world.primary?.revision).toBe(v1);
});

test('after a failed run going back to the version before starts nothing', () => {
  const world = settledWorld({ broken: [v2] });
  world.release(v2);
  world.run();
  world.phases.length = 0;
  world.release(v1);
  world.run();
  expect(world.phases).toEqual(['Failed']);
  expect(world.primary?.revision).toBe(v1);
});

test('a clock that is ahead of the API server’s takes nothing of the time that pods have to start', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(1_000);
  world.target.deadlineAt = world.now - 30_000;
  world.run(90_000);
  world.primary!.deadlineAt = Math.min(world.primary!.deadlineAt, world.now - 30_000);
  world.run();
  expect(world.phases).toEqual(['Progressing', 'Promoting', 'Finalising', 'Succeeded']);
});

test('a revision that follows one whose pods did not start has the whole deadline for its own', () => {
  const world = settledWorld({ broken: [v2], startMs: 20_000 });
  world.release(v2);
  world.run(50_000);
  const { deadlineAt } = world.target;
  world.release(v3);
  world.target.deadlineAt = deadlineAt;
  world.run();
  expect(world.phases).toEqual(['Progressing', 'Promoting', 'Finalising', 'Succeeded']);
});

test('a rollback does not send the traffic to a primary without pods, and does so once it has some', () => {
  const world = settledWorld({
    analysis: { iterations: 1, threshold: 1 },
    answer: (question, { weights }) =>
      question.type === 'metric' && weights.includes(100) ? { kind: 'value', value: 0 } : approve(question),
  });
  world.release(v2);
  world.run(20_000);
  expect(world.routes?.canary).toBe(100);
  Object.assign(world.primary!, { readyAt: world.now + 25_000, deadlineAt: world.now + 60_000 });
  world.run(30_000);
  expect(world.status).toMatchObject({ phase: 'Failed', canaryWeight: 100 });
  expect([world.routes?.canary, world.target.awake]).toEqual([100, true]);
  world.run();
  expect(world.status).toMatchObject({ phase: 'Failed', canaryWeight: 0 });
  expect([world.routes?.canary, world.target.awake]).toEqual([0, false]);
  expect(world.texts.at(-1)).toBe('Routing all traffic to primary');
});
