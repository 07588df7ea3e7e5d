import type { Canary } from '../../lib/api/canary.js';
import { createRivals } from '../../lib/engine/rivals.js';

function canary(name: string, target: string, namespace = 'test'): Canary {
  return {
    metadata: { name, namespace },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
      analysis: { interval: '10s', threshold: 1, stepWeight: 10 },
    },
  };
}

function watchOver() {
  const lines: unknown[] = [];
  const log = { log: (...line: unknown[]) => void lines.push(line) };
  return { lines, rivals: createRivals(log) };
}

const said = (name: string) => [
  'error',
  'Bad things will happen! Found more than one canary with the same target app.test',
  { canary: name },
];

test('two canaries of one target are named in the log once each, as Flagger words it', () => {
  const { lines, rivals } = watchOver();
  for (const name of ['one', 'two', 'one', 'two']) rivals.check(canary(name, 'app'));
  expect(lines).toEqual([said('two'), said('one')]);
});

test('they are named again when it has ended and begins anew', () => {
  const { lines, rivals } = watchOver();
  rivals.check(canary('one', 'app'));
  rivals.check(canary('two', 'app'));
  rivals.forget('test/one');
  rivals.check(canary('two', 'app'));
  rivals.check(canary('one', 'app'));
  rivals.check(canary('two', 'app'));
  expect(lines).toEqual([said('two'), said('one'), said('two')]);
});

test('one that is given another target is nobody’s rival any more', () => {
  const { lines, rivals } = watchOver();
  rivals.check(canary('one', 'app'));
  rivals.check(canary('one', 'other'));
  rivals.check(canary('two', 'app'));
  expect(lines).toEqual([]);
});

test('neither another target nor another namespace is a rival', () => {
  const { lines, rivals } = watchOver();
  rivals.check(canary('one', 'app'));
  rivals.check(canary('two', 'other'));
  rivals.check(canary('one', 'app', 'other'));
  expect(lines).toEqual([]);
});
