import type { CanaryMetric } from '../../../lib/api/canary.js';
import type { MetricAnswer } from '../../../lib/core/decision.js';
import { approve, settledWorld, T0, v1, v2, type World } from '../model.js';

const silent: MetricAnswer = {
  kind: 'noData',
  provider: 'nginx',
  detail: 'running query failed: no values found',
  diagnosis: 'nothing scrapes this router',
};
const away: MetricAnswer = { kind: 'error', text: 'Prometheus query failed: refused', unreachable: true };
const good: MetricAnswer = { kind: 'value', value: 100 };

/** A release, measured by what `says` answers at a time, in ms since the start. */
function releasing(
  onNoData: CanaryMetric['onNoData'],
  says: (at: number) => MetricAnswer,
  others: CanaryMetric[] = [],
): World {
  const rate = { name: 'request-success-rate', thresholdRange: { min: 99 }, ...(onNoData && { onNoData }) };
  const world = settledWorld({
    analysis: { metrics: [rate, ...others] },
    spec: { progressDeadlineSeconds: 60 },
    answer: (question, { now }) => {
      if (question.type !== 'metric') return approve(question);
      return question.metric.name === rate.name ? says(now - T0) : { kind: 'value', value: 1 };
    },
  });
  world.release(v2);
  return world;
}

const flaggers =
  'Halt advancement no values found for nginx metric request-success-rate probably podinfo.test is not receiving traffic: running query failed: no values found; nothing scrapes this router';

test.each([undefined, 'fail'] as const)(
  'onNoData %s: a check without data has failed, as in Flagger',
  (policy) => {
    const world = releasing(policy, () => silent).run();
    expect(world.status.phase).toBe('Failed');
    expect(world.texts.filter((text) => text === flaggers)).toHaveLength(5);
    expect(world.alerts).toEqual([
      'info: New revision detected, progressing canary analysis.',
      'error: Failed checks threshold reached 5',
    ]);
  },
);

test('onNoData pass: a check without data has passed, and that is said', () => {
  const world = releasing('pass', () => silent).run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
  expect(world.texts).toContain(`${flaggers}; taken for passed, as onNoData says`);
});

test('onNoData pass: a provider that nobody can reach has not passed anything', () => {
  expect(releasing('pass', () => away).run().status.phase).toBe('Failed');
});

test.each([silent, away])(
  'onNoData wait: the weight stays and nothing is counted until there are values (%j)',
  (answer) => {
    const world = releasing('wait', (at) => (at < 45_000 ? answer : good)).run(44_000);
    expect(world.status).toMatchObject({ phase: 'Progressing', canaryWeight: 10, failedChecks: 0 });
    expect(world.status.noDataSince).toBeDefined();
    world.run();
    expect(world.status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: v2 });
    expect(world.status.noDataSince).toBeUndefined();
    expect(world.weights).toEqual([10, 20, 30, 40, 50, 0]);
  },
);

test('onNoData wait: what is waited for is said at once, then once a minute at most', () => {
  const world = releasing('wait', (at) => (at < 45_000 ? silent : good)).run();
  const said = world.texts.filter((text) => text.startsWith(flaggers));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/; waiting for values until 2026-01-01T00:01:\d\dZ, as onNoData says$/);
});

test('onNoData wait: a step comes as soon as there are values, and the next a whole interval later', () => {
  const asked: number[] = [];
  const world = releasing('wait', (at) => {
    asked.push(at);
    return at - asked[0]! < 4000 ? silent : good;
  }).run(41_000);
  const steps = world.events.filter(({ reason }) => reason.code === 'weightAdvanced').map(({ at }) => at);
  expect(asked.map((at) => at - asked[0]!)).toEqual([0, 2500, 5000, 15_000, 25_000]);
  expect(steps.slice(1).map((at) => at - asked[0]!)).toEqual([5000, 15_000, 25_000]);
});

test('onNoData wait: what the hooks say is said once, not at every look', () => {
  const world = settledWorld({
    analysis: {
      metrics: [{ name: 'request-success-rate', onNoData: 'wait' }],
      webhooks: [{ name: 'undo', type: 'rollback', url: 'http://undo/' }],
    },
    answer: (question) => {
      if (question.type === 'hook') return { ok: false, error: 'no' };
      return question.type === 'metric' ? silent : approve(question);
    },
  });
  world.release(v2);
  world.run(40_000);
  expect(world.texts.filter((text) => text === 'Rollback hook undo not signaling a rollback')).toHaveLength(
    2,
  );
});

test('onNoData wait: the run is rolled back after the progress deadline, and the cause is told', () => {
  const world = releasing('wait', () => silent).run();
  const rollback = world.events.find(({ reason }) => reason.code === 'noDataDeadline');
  const first = world.events.find(({ reason }) => reason.code === 'dataAwaited');
  expect(rollback!.at - first!.at).toBe(60_000);
  expect(rollback!.text).toBe(
    `Rolling back podinfo.test progress deadline exceeded no values found for metric request-success-rate for 60s: ${flaggers}`,
  );
  expect(world.alerts).toContain(
    'error: Progress deadline exceeded no values found for metric request-success-rate for 60s: nothing scrapes this router',
  );
  expect(world.status).toMatchObject({ phase: 'Failed', canaryWeight: 0 });
  expect(world.routes).toEqual({ primary: 100, canary: 0, mirrored: false });
  expect(world.primary?.revision).toBe(v1);
});

test('onNoData wait: a value in between starts the deadline anew', () => {
  const world = releasing('wait', (at) => (at > 30_000 && at < 41_000 ? good : silent)).run();
  const rollback = world.events.find(({ reason }) => reason.code === 'noDataDeadline')!;
  expect(rollback.at).toBeGreaterThanOrEqual(100_000);
});

test('onNoData wait: another metric that is bad counts all the same', () => {
  const errors = { name: 'errors', query: 'errors', thresholdRange: { max: 0 } };
  const world = releasing('wait', () => silent, [errors]).run();
  expect(world.texts).toContain('Rolling back podinfo.test failed checks threshold reached 5');
});
