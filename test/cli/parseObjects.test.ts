import { PerchError } from '../../lib/api/errors.js';
import { parseObjects } from '../../lib/cli/parseObjects.js';
import fc from '../property.js';

const pieces = fc.constantFrom(
  ...[
    'kind: Pod',
    'apiVersion: v1',
    'metadata:',
    '  name: a',
    '---',
    '- ',
    '&a [*a]',
    '*a',
    '<<: *a',
    '!!js x',
    '? :',
  ],
  ...['"', "'", '\t', ': ', '{', '}', '[', '\u0000', 'kind: List', 'items: [1, null, {}]', '%YAML 9.9', '|'],
);
const yaml = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces).map((parts) => parts.join('\n')),
);

test('whatever the text, it gives objects or says what is wrong with it', () => {
  fc.assert(
    fc.property(yaml, (text) => {
      try {
        for (const object of parseObjects(text, 'any.yaml'))
          expect(typeof object.metadata.name).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(PerchError);
        expect((error as PerchError).path).toMatch(/^any\.yaml/);
      }
    }),
    { numRuns: 200 },
  );
});

test('a few lines of aliases do not become gigabytes', () => {
  const level = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]`;
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const bomb = ['a: &a [x]', ...names.slice(1).map((name, index) => level(name, names[index]!))].join('\n');
  expect(() => parseObjects(bomb, 'bomb.yaml')).toThrow(expect.objectContaining({ code: 'SYNTH_YAML' }));
});

test('what is no object is named with its line, and with its place in a List', () => {
  const text = 'kind: Pod\napiVersion: v1\nmetadata: { name: a }\n---\n\nkind: List\nitems: [{}]\n';
  expect(() => parseObjects(text, 'any.yaml')).toThrow(
    expect.objectContaining({ code: 'SYNTH_NOT_AN_OBJECT', path: 'any.yaml:6 items[0]' }),
  );
});
