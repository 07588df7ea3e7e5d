import { editDistance, nearestName } from '../../lib/api/validation/spelling.js';
import fc from '../property.js';

const word = fc.string({ maxLength: 12 });

test.each([
  ['treshold', 'threshold'],
  ['stepweight', 'stepWeight'],
  ['interavl', 'interval'],
  ['canaryAnalysis', 'analysis'],
])('%s was probably meant to be %s', (given, meant) => {
  expect(nearestName(given, ['stepWeights', 'threshold', 'interval', 'analysis', 'stepWeight'])).toBe(meant);
});

test('a word that resembles none has no neighbour', () => {
  expect(nearestName('port', ['analysis', 'interval'])).toBeUndefined();
});

test('edits are counted, neighbours that changed places as one', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('ngnix', 'nginx')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
});

test('a distance is the same both ways, none from a word to itself, and no longer than the longer word', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(editDistance(b, a)).toBe(distance);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
