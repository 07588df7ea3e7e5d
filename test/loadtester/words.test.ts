import { execFileSync } from 'node:child_process';
import { splitWords } from '../../lib/loadtester/words.js';
import fc from '../property.js';

test.each([
  [
    'hey -z 1m -q 10 -c 2 http://podinfo.example.com/',
    ['hey', '-z', '1m', '-q', '10', '-c', '2', 'http://podinfo.example.com/'],
  ],
  [
    `hey -H 'X-A: b c' "http://x/?a=1&b=2" \\\n  -n 1\n`,
    ['hey', '-H', 'X-A: b c', 'http://x/?a=1&b=2', '-n', '1'],
  ],
  [`curl -d '{"a": 1}' http://x/`, ['curl', '-d', '{"a": 1}', 'http://x/']],
  [`a""b 'c'"d" ""`, ['ab', 'cd', '']],
  ['hey http://x/?a=[1]#top*', ['hey', 'http://x/?a=[1]#top*']],
  [`"\\"\\\\\\$\\x"`, ['"\\$\\x']],
])('%j is split as a shell does', (command, words) => {
  expect(splitWords(command)).toEqual(words);
});

test.each([
  ['a | b', '|'],
  ['a && b', '&'],
  ['a; b', ';'],
  ['a > b', '>'],
  ['a $B', '$'],
  ['a "$B"', '$'],
  ['a `b`', '`'],
  ['a "`b`"', '`'],
  ['a\nb', 'a line break'],
  ['(a)', '('],
  ['# a', '#'],
  ['a ~/b', '~'],
  ['A=b c', '='],
])('%j is refused, since %s takes a shell', (command, what) => {
  expect(() => splitWords(command)).toThrow(
    expect.objectContaining({
      code: 'LOADTESTER_SHELL_SYNTAX',
      message: expect.stringContaining(`got ${what},`),
      remedy: expect.stringContaining('bash'),
    }),
  );
});

test.each(["a 'b", 'a "b', 'a "b\\"'])('%j has no end, and that is said', (command) => {
  expect(() => splitWords(command)).toThrow(expect.objectContaining({ code: 'LOADTESTER_SHELL_SYNTAX' }));
});

test('what is taken at all means to sh what it means here', () => {
  const text = fc.string({ unit: fc.constantFrom(...`ab '"\\\t$|;-/=#~`), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, (command) => {
      let words: string[];
      try {
        words = splitWords(`printf %s\\\\0 x ${command}`);
      } catch {
        return;
      }
      const shown = execFileSync('sh', ['-c', `printf '%s\\0' x ${command}`]).toString();
      expect(words.slice(2)).toEqual(shown.split('\0').slice(0, -1));
    }),
    { numRuns: 200 },
  );
});
