import { conditionsOf } from '../../lib/core/conditions.js';
import { standingOf } from '../../lib/core/situation.js';
import { changeStatus, zeroCounters } from '../../lib/core/status.js';
import { settledWorld, T0, v1, v2, World } from './model.js';

const at = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:01:00Z';

test.each([
  ['Initializing', 'Unknown', 'New Deployment detected, starting initialization.'],
  ['Initialized', 'True', 'Deployment initialization completed.'],
  ['Waiting', 'Unknown', 'Waiting for approval.'],
  ['WaitingPromotion', 'Unknown', 'Waiting for approval.'],
  ['Progressing', 'Unknown', 'New revision detected, progressing canary analysis.'],
  ['Promoting', 'Unknown', 'Canary analysis completed, starting primary rolling update.'],
  ['Finalising', 'Unknown', 'Canary analysis completed, routing all traffic to primary.'],
  ['Succeeded', 'True', 'Canary analysis completed successfully, promotion finished.'],
  ['Failed', 'False', 'Canary analysis failed, Deployment scaled to zero.'],
  ['Terminating', 'Unknown', 'New Deployment detected, starting initialization.'],
] as const)('the condition in %s is %s', (phase, status, message) => {
  expect(conditionsOf(phase, 'Deployment', undefined, at)).toEqual([
    { type: 'Promoted', status, reason: phase, message, lastUpdateTime: at, lastTransitionTime: at },
  ]);
});

test('the condition keeps its transition time as long as its status stays the same', () => {
  const before = conditionsOf('Progressing', 'Deployment', undefined, at);
  expect(conditionsOf('Promoting', 'Deployment', before, later)[0]).toMatchObject({
    lastUpdateTime: later,
    lastTransitionTime: at,
  });
  expect(conditionsOf('Failed', 'Deployment', before, later)[0]?.lastTransitionTime).toBe(later);
});

test('the condition is not rewritten when nothing in it changes', () => {
  const before = conditionsOf('Progressing', 'Deployment', undefined, at);
  expect(conditionsOf('Progressing', 'Deployment', before, later)).toEqual(before);
});

test('every write bumps lastTransitionTime, in whole seconds, and always has the counters', () => {
  const standing = { ...standingOf(new World().observe()), now: T0 + 1234 };
  expect(changeStatus(standing, {})).toEqual({ ...zeroCounters, lastTransitionTime: '2026-01-01T00:00:01Z' });
});

test('a field that is set to undefined is gone, one of somebody else stays', () => {
  const world = new World({ status: { lastCheckTime: at, sessionAffinityCookie: 'a=b' } });
  const status = changeStatus(standingOf(world.observe()), { lastCheckTime: undefined });
  expect(status).not.toHaveProperty('lastCheckTime');
  expect(status.sessionAffinityCookie).toBe('a=b');
});

test('the applied revision becomes the promoted one when a run succeeds, and not before', () => {
  const world = settledWorld();
  world.release(v2);
  world.run(15_000);
  expect(world.status).toMatchObject({ phase: 'Progressing', lastAppliedSpec: v2, lastPromotedSpec: v1 });
  world.run();
  expect(world.status).toMatchObject({ phase: 'Succeeded', lastAppliedSpec: v2, lastPromotedSpec: v2 });
});
