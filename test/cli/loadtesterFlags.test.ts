import { chooseAdmission } from '../../lib/cli/loadtesterAdmission.js';
import { loadtesterFlags } from '../../lib/cli/loadtesterFlags.js';
import { admitAnybody } from '../../lib/loadtester/admission.js';
import { parseFlags } from '../../lib/settings/goFlags.js';

const read = (...argv: string[]) => parseFlags(loadtesterFlags, argv).values;

test("without flags it is what Flagger's load tester is", () => {
  expect(read()).toMatchObject({
    'log-level': 'debug',
    'zap-encoding': 'json',
    port: 9090,
    timeout: 3_600_000,
    'namespace-regexp': '',
    'zap-replace-globals': false,
  });
});

test('whether requests need a token must be said, and said once', () => {
  const digest = '/etc/perch/sha256';
  expect(chooseAdmission('', true)).toBe(admitAnybody);
  expect(chooseAdmission(digest, false)).not.toBe(admitAnybody);
  for (const [file, plain] of [
    ['', false],
    [digest, true],
  ] as const) {
    expect(() => chooseAdmission(file, plain)).toThrow(
      expect.objectContaining({
        code: 'LOADTESTER_TOKEN',
        remedy: expect.stringContaining('may run commands'),
      }),
    );
  }
});

test("the arguments of Flagger's manifests are understood, with one dash or two", () => {
  const expected = { port: 8080, 'log-level': 'info', timeout: 3_600_000 };
  expect(read('-port=8080', '-log-level=info', '-timeout=1h')).toMatchObject(expected);
  expect(read('--port', '8080', '--log-level', 'info', '--timeout', '1h')).toMatchObject(expected);
});

test.each([
  ['-port=http'],
  ['-port=-1'],
  ['-port=99999'],
  ['-timeout=60'],
  ['-timeout=0s'],
  ['-zap-encoding=xml'],
  ['-zap-replace-globals'],
])('%s is refused', (word) => {
  expect(() => read(word)).toThrow(expect.objectContaining({ code: 'CLI_FLAG_VALUE' }));
});
