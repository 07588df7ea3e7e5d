import { differences } from '../../../lib/sim/cluster/fieldDifferences.js';
import { type Fields, fieldsOf } from '../../../lib/sim/cluster/fieldPaths.js';
import { equal } from '../../../lib/sim/cluster/json.js';
import fc from '../../property.js';

/** All fields of both, compared one by one. */
function compareAll(before: Fields, after: Fields) {
  const changed = [...after].filter(([path, value]) => !before.has(path) || !equal(before.get(path), value));
  const gone = [...before.keys()].filter((path) => !after.has(path));
  return { changed: new Set(changed.map(([path]) => path)), gone: new Set(gone) };
}

const text = fc.constantFrom('a', 'b', 'c');
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  text,
  fc.constant(null),
  fc.constant({}),
  fc.constant([]),
);
const container = fc.record({
  name: text,
  image: text,
  env: fc.array(fc.record({ name: text, value: text })),
});
const port = fc.record({ port: fc.integer({ min: 1, max: 3 }), name: text }, { requiredKeys: ['port'] });
const distinct = <T extends { name?: string; port?: number }>(items: fc.Arbitrary<T>) =>
  fc.uniqueArray(items, { selector: ({ port: number, name }) => number ?? name, maxLength: 3 });
const object = fc.record(
  {
    metadata: fc.record(
      { labels: fc.dictionary(text, text), finalizers: fc.uniqueArray(text), name: text },
      { requiredKeys: [] },
    ),
    spec: fc.record(
      {
        replicas: leaf,
        containers: distinct(container),
        ports: distinct(port),
        args: fc.array(text),
        nested: fc.dictionary(text, leaf),
      },
      { requiredKeys: [] },
    ),
    status: fc.record({ phase: text, conditions: fc.array(fc.record({ type: text })) }, { requiredKeys: [] }),
    data: fc.dictionary(text, text),
  },
  { requiredKeys: [] },
);

describe('the fields that a write changed', () => {
  it.each(['main', 'status'] as const)('are those that differ among all of the %s fields', (scope) => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const { changed, gone } = differences(before, after, scope);
        expect({ changed, gone }).toEqual(compareAll(fieldsOf(before, scope), fieldsOf(after, scope)));
      }),
      { numRuns: 500 },
    );
  });
});
