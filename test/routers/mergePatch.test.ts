import { mergePatch } from '../../lib/routers/mergePatch.js';
import { merge } from '../conformance/memoryObjects.js';
import fc from '../property.js';

/** JSON without null, which a merge patch cannot say. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { maxKeys: 4 }),
  ),
})).value;
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c'), json);

test('the patch of two objects, applied to the first, gives the second', () => {
  fc.assert(
    fc.property(objects, objects, (current, wanted) => {
      const patch = mergePatch(current, wanted);
      expect(patch === undefined ? current : merge(current, patch)).toEqual(wanted);
    }),
  );
});

test('there is no patch between an object and itself, whatever the order of its fields', () => {
  fc.assert(
    fc.property(objects, (object) => {
      const reversed = Object.fromEntries(Object.entries(structuredClone(object)).reverse());
      expect(mergePatch(object, reversed)).toBeUndefined();
    }),
  );
});
