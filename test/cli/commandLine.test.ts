import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readDuration } from '../../lib/api/duration.js';
import { bundlePerch } from './bundle.js';

let folder: string;
let run: ReturnType<typeof bundlePerch>;
beforeAll(() => {
  // Inside the checkout, where the programs find cdk8s.
  folder = mkdtempSync(join(__dirname, '.line-'));
  run = bundlePerch(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const perch = (...argv: string[]) => run(argv);

describe('the longest wait', () => {
  test.each(['pause', 'deploy', 'status', 'wait', 'offboard'])(
    'of perch %s is shown in a form that it takes',
    async (command) => {
      const { out } = await perch(command, '--help');
      const [, shown = 'none'] = /--timeout[^(]*\(default: (.+?)\)/.exec(out) ?? [];
      expect(readDuration(shown)).toBeGreaterThan(0);
    },
  );

  test.each([
    ['3600000', 'expected a number with its unit, got "3600000"'],
    ['soon', 'expected a number with its unit, got "soon"'],
    ['0s', 'expected a duration above zero, got "0s"'],
    ['-5m', 'expected a duration above zero, got "-5m"'],
  ])('of %s is refused for what is wrong with it', async (text, message) => {
    const { code, error } = await perch('status', 'podinfo', `--timeout=${text}`);
    expect(error).toContain(`--timeout: ${message}`);
    expect(error).toContain('[CLI_FLAG_VALUE]');
    expect(code).toBe(2);
  });
});

test('a command line that cannot be read is told as every other error', async () => {
  expect(await perch('status', 'podinfo', '--jsn')).toEqual({
    code: 2,
    out: '',
    error: [
      'perch status',
      "  unknown option '--jsn'",
      '  remedy: did you mean --json? perch status --help shows what it takes',
      '  [CLI_UNKNOWN_FLAG]',
      '',
    ].join('\n'),
  });
});
