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

function watchOver(canaries: Canary[]) {
  const lines: unknown[] = [];
  const log = { log: (...line: unknown[]) => void lines.push(line) };
  return { lines, rivals: createRivals({ list: () => canaries as never[] }, log) };
}

const said = [
  'error',
  'Bad things will happen! Found more than one canary with the same target app.test',
  { canary: 'one' },
];

test('two canaries of one target are named in the log once, as Flagger words it', () => {
  const [one, two] = [canary('one', 'app'), canary('two', 'app')];
  const { lines, rivals } = watchOver([one, two]);
  rivals.check(one);
  rivals.check(one);
  expect(lines).toEqual([said]);
});

test('they are named again when it has ended and begins anew', () => {
  const one = canary('one', 'app');
  const canaries = [one, canary('two', 'app')];
  const { lines, rivals } = watchOver(canaries);
  rivals.check(one);
  canaries.splice(1);
  rivals.check(one);
  canaries.push(canary('two', 'app'));
  rivals.check(one);
  expect(lines).toEqual([said, said]);
});

test('neither another target nor another namespace is a rival', () => {
  const one = canary('one', 'app');
  const { lines, rivals } = watchOver([one, canary('two', 'other'), canary('one', 'app', 'other')]);
  rivals.check(one);
  expect(lines).toEqual([]);
});
