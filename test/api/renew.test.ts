import { renew } from '../../lib/api/schema/json.js';
import fc from '../property.js';

const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
// as it came over a wire once: JSON has no -0
const values = fc.jsonValue().map(wire);

test('what is renewed equals what was given, and nothing of what was given is in it', () => {
  fc.assert(
    fc.property(values, values, (before, after) => {
      const given = { list: [after], field: after };
      const renewed = renew({ list: [before], field: before }, given) as typeof given;
      expect(renewed).toEqual(wire(given));
      expect(renewed).not.toBe(given);
      expect(renewed.list).not.toBe(given.list);
    }),
  );
});

test.each([
  [{}, { ['__proto__']: 0 }],
  [{}, { ['__proto__']: {} }],
  [{ ['__proto__']: { a: 1 } }, { ['__proto__']: { a: 2 } }],
  [{ ['__proto__']: { a: 1 } }, {}],
])('a field named __proto__ is a field like another: %j becomes %j', (before, after) => {
  const renewed = renew(before, after);
  expect(JSON.stringify(renewed)).toBe(JSON.stringify(after));
  expect(Object.getPrototypeOf(renewed)).toBe(Object.prototype);
});

test('what is repeated is the very same, whatever the order of its fields', () => {
  fc.assert(
    fc.property(values, (value) => {
      const before = { a: value, b: [value] };
      expect(renew(before, { b: wire([value]), a: wire(value) })).toBe(before);
    }),
  );
});

test('only what differs is new', () => {
  const before = { spec: { a: { x: 1 }, b: [{ y: 1 }, { z: 1 }] }, status: { n: 1 } };
  const renewed = renew(before, {
    spec: { a: { x: 1 }, b: [{ y: 1 }, { z: 2 }] },
    status: { n: 1 },
  }) as typeof before;
  expect(renewed.spec.b[1]).toEqual({ z: 2 });
  expect(renewed.spec.a).toBe(before.spec.a);
  expect(renewed.spec.b[0]).toBe(before.spec.b[0]);
  expect(renewed.status).toBe(before.status);
});

test('undefined is absent, and null in a list; so is a number that JSON has not', () => {
  expect(renew(undefined, { a: undefined, b: [undefined, Number.NaN], c: null })).toEqual({
    b: [null, null],
    c: null,
  });
  expect(renew({ a: 1 }, { a: undefined })).toEqual({});
});
