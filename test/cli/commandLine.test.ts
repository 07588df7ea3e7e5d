import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDuration } from '../../lib/api/duration.js';
import { bundlePerch } from './bundle.js';

let folder: string;
let run: ReturnType<typeof bundlePerch>;
beforeAll(() => {
  // Inside the checkout, where the programs find cdk8s.
  folder = mkdtempSync(join(__dirname, '.line-'));
  run = bundlePerch(folder);
  writeFileSync(join(folder, 'taken'), '');
  writeFileSync(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
  writeFileSync(join(folder, 'failing.ts'), "\nthrow new Error('no');\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const perch = (...argv: string[]) => run(argv);

/** With standard output in a file. */
async function perchInto(file: string, argv: readonly string[]) {
  const out = openSync(file, 'w');
  const { status: code, stderr: error } = spawnSync(process.execPath, [join(folder, 'perch.js'), ...argv], {
    stdio: ['ignore', out, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(out);
  return { code, error };
}

describe('the longest wait', () => {
  test.each(['status', 'offboard'])('of perch %s is shown in a form that it takes', async (command) => {
    const { out } = await perch(command, '--help');
    const [, shown = 'none'] = /--timeout[^(]*\(default: (.+?)\)/.exec(out) ?? [];
    expect(readDuration(shown)).toBeGreaterThan(0);
  });

  test.each([
    ['3600000', 'expected a number with its unit, got "3600000"'],
    ['0s', 'expected a duration above zero, got "0s"'],
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

test.each(['synth a.yaml -o taken', 'init taken/sub'])(
  'perch %s says that a file is in the way',
  async (line) => {
    const { code, out, error } = await perch(...line.split(' '));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toMatch(/expected a place that can be written, got taken.*: E(EXIST|NOTDIR)/);
    expect(error).toContain('[CLI_FILE_UNWRITABLE]');
  },
);

test('a file of YAML is written into the folder, wherever it comes from', async () => {
  expect(await perch('synth', join(folder, 'a.yaml'), '-o', 'out')).toMatchObject({
    code: 0,
    error: `${join('out', 'a.yaml')}\n`,
  });
});

test('a full disk behind standard output is no defect of perch', async () => {
  const { code, error } = await perchInto('/dev/full', ['crds']);
  expect(error).toMatch(/^perch\n {2}expected a place that can be written, got standard output: ENOSPC/);
  expect(error).toContain('[CLI_FILE_UNWRITABLE]');
  expect(code).toBe(1);
});

test.each(['synth', 'gitops argocd', 'demo'])(
  'perch %s shows with --verbose where a program failed',
  async (command) => {
    const { code, error } = await perch(...command.split(' '), 'failing.ts', '--verbose');
    expect(error).toMatch(/^Error: no\n {4}at .*failing\.ts:2:7/);
    expect(error).toContain('--verbose shows where it was thrown');
    expect(code).toBe(1);
  },
);
