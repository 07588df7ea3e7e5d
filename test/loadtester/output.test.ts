import { createOutput } from '../../lib/loadtester/output.js';
import fc from '../property.js';

function collect(chunks: readonly string[], limit: number): string {
  const output = createOutput(limit);
  for (const chunk of chunks) output.add(Buffer.from(chunk));
  return output.text();
}
const chunks = fc.array(fc.stringMatching(/^[a-z]{0,20}$/), { maxLength: 20 });

test('what fits is kept whole, however it is cut in chunks', () => {
  fc.assert(fc.property(chunks, (given) => expect(collect(given, 1000)).toBe(given.join(''))));
});

test('what does not fit keeps its beginning and its end, and says how much is missing', () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 2, max: 60 }), (given, limit) => {
      const whole = given.join('');
      const half = Math.floor(limit / 2);
      const expected =
        whole.length <= 2 * half
          ? whole
          : `${whole.slice(0, half)}\n[${whole.length - 2 * half} bytes left out]\n${whole.slice(-half)}`;
      expect(collect(given, limit)).toBe(expected);
    }),
  );
});
