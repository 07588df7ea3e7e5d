import type { CanaryCondition } from '../../../lib/api/canary.js';
import type { Answer, Question } from '../../../lib/core/decision.js';
import { approve, settledWorld, v1, v2, type World } from '../model.js';

const failing = (question: Question): Answer =>
  question.type === 'metric' ? { kind: 'value', value: 12 } : approve(question);

const condition = (world: World, type: string): CanaryCondition | undefined =>
  world.status.conditions?.find((candidate) => candidate.type === type);

function setGeneration(world: World, generation: number): void {
  world.canary = { ...world.canary, metadata: { ...world.canary.metadata, generation } };
}

/** What a tool that knows nothing of canaries makes of one: the rules of kstatus for any object. */
function kstatus(world: World): 'Current' | 'InProgress' | 'Failed' {
  const { generation } = world.canary.metadata;
  if (world.status.observedGeneration !== generation) return 'InProgress';
  if (condition(world, 'Reconciling')?.status === 'True') return 'InProgress';
  if (condition(world, 'Stalled')?.status === 'True') return 'Failed';
  return condition(world, 'Ready')?.status === 'True' ? 'Current' : 'InProgress';
}

/** The canary as it is told of after each pass, until it is over. */
function told(world: World): string[] {
  const states: string[] = [];
  for (let passes = 0; passes < 500; passes++) {
    const { next } = world.pass();
    const state = `${world.status.observedRevision} ${kstatus(world)}`;
    if (states.at(-1) !== state) states.push(state);
    if (next === 'wait' && ['Succeeded', 'Failed'].includes(world.status.phase ?? '')) break;
    world.now += 1000;
  }
  return states;
}

test('whoever waits for a revision sees it under way until it is promoted, and never the old one taken for it', () => {
  const world = settledWorld();
  expect(kstatus(world)).toBe('Current');
  world.release(v2);
  expect(told(world)).toEqual([`${v2} InProgress`, `${v2} Current`]);
});

test('whoever waits for a revision that fails is told so, with the cause', () => {
  const world = settledWorld({ answer: failing });
  world.release(v2);
  expect(told(world)).toEqual([`${v2} InProgress`, `${v2} Failed`]);
  expect(condition(world, 'Stalled')).toMatchObject({
    reason: 'Failed',
    message: 'Failed checks threshold reached 5: Halt podinfo.test advancement success rate 12.00% < 99%',
  });
  expect(condition(world, 'Ready')?.status).toBe('False');
});

test('after a failure, going back to the promoted revision is ready', () => {
  const world = settledWorld({ answer: failing });
  world.release(v2);
  world.run();
  world.release(v1);
  world.run(7_200_000);
  expect(world.status.phase).toBe('Failed');
  expect(kstatus(world)).toBe('Current');
  expect(world.status.observedRevision).toBe(v1);
});

test('an edit of the policy at rest is seen, and nothing else is written', () => {
  const world = settledWorld();
  setGeneration(world, 7);
  expect(kstatus(world)).toBe('InProgress');
  const before = world.status;
  world.run();
  expect(kstatus(world)).toBe('Current');
  expect(world.status).toMatchObject({
    observedGeneration: 7,
    lastTransitionTime: before.lastTransitionTime,
  });
  const { effects } = world.pass();
  expect(effects.some(({ type }) => type === 'writeStatus')).toBe(false);
});

test('a release that suspend holds back is not ready', () => {
  const world = settledWorld();
  world.canary = { ...world.canary, spec: { ...world.canary.spec, suspend: true } };
  world.release(v2);
  world.run();
  expect(condition(world, 'Ready')).toMatchObject({ status: 'Unknown', reason: 'Suspended' });
  expect(kstatus(world)).toBe('InProgress');
});

test("Flagger's condition stays the first and is as it was", () => {
  const world = settledWorld();
  world.release(v2);
  world.run();
  expect(world.status.conditions?.map(({ type }) => type)).toEqual(['Promoted', 'Ready']);
  expect(Object.keys(world.status.conditions?.[0] ?? {}).sort()).toEqual(
    ['type', 'status', 'reason', 'message', 'lastUpdateTime', 'lastTransitionTime'].sort(),
  );
});
