import {
  booleanFlag,
  describeFlags,
  durationFlag,
  integerFlag,
  listFlag,
  stringFlag,
} from '../../lib/settings/flagKinds.js';
import { parseFlags } from '../../lib/settings/goFlags.js';

const flags = {
  kubeconfig: stringFlag('', 'path of a kubeconfig'),
  port: stringFlag('8080', 'port to listen on'),
  threads: integerFlag(2, 'workers', 1),
  verbose: booleanFlag(true, 'say more'),
  labels: listFlag(['app', 'name'], 'labels'),
  wait: durationFlag(90_000, 'patience'),
  url: stringFlag('', 'where to post', 'HOOK_URL'),
};

test.each([[['-kubeconfig', 'f']], [['--kubeconfig', 'f']], [['-kubeconfig=f']], [['--kubeconfig=f']]])(
  '%j sets a text',
  (argv) => {
    expect(parseFlags(flags, argv).values.kubeconfig).toBe('f');
  },
);

test('what is not given has its default, and only what is given counts as given', () => {
  const { values, given } = parseFlags(flags, ['-port', '9090', '-threads=4', '-labels', 'a, b,']);
  expect(values).toEqual({
    kubeconfig: '',
    port: '9090',
    threads: 4,
    verbose: true,
    labels: ['a', 'b'],
    wait: 90_000,
    url: '',
  });
  expect([...given]).toEqual(['port', 'threads', 'labels']);
});

test.each([
  ['-verbose', true],
  ['-verbose=false', false],
  ['--verbose=0', false],
  ['-verbose=T', true],
])('%s is %s', (word, expected) => {
  expect(parseFlags(flags, [word]).values.verbose).toBe(expected);
});

test('a boolean never takes the next word', () => {
  expect(() => parseFlags(flags, ['-verbose', 'false'])).toThrow(/expected a flag, got 'false'/);
});

test('a value may begin with a dash, may be empty and may hold an equals sign', () => {
  const { values } = parseFlags(flags, ['-kubeconfig', '-x', '-port=', '-url=http://h/?a=b']);
  expect(values).toMatchObject({ kubeconfig: '-x', port: '', url: 'http://h/?a=b' });
});

test('the last of several wins, and the environment over all', () => {
  expect(parseFlags(flags, ['-url=a', '-url=b']).values.url).toBe('b');
  const { values, given } = parseFlags(flags, ['-url=a'], { HOOK_URL: 'c' });
  expect(values.url).toBe('c');
  expect(given.has('url')).toBe(true);
  expect(parseFlags(flags, ['-url=a'], { HOOK_URL: '' }).values.url).toBe('a');
});

test.each(['-h', '-help', '--help'])('%s asks for help', (word) => {
  expect(parseFlags(flags, [word]).help).toBe(true);
});

test.each([
  [['-kubecfg', 'f'], 'CLI_UNKNOWN_FLAG', 'there is no flag -kubecfg'],
  [['-kubeconfig'], 'CLI_FLAG_VALUE', 'expected a value, got none'],
  [['-threads', 'two'], 'CLI_FLAG_VALUE', "expected a whole number, got 'two'"],
  [['-threads=0'], 'CLI_FLAG_VALUE', "expected a whole number not below 1, got '0'"],
  [['-verbose=maybe'], 'CLI_FLAG_VALUE', "expected true or false, got 'maybe'"],
  [['-wait=90'], 'CLI_FLAG_VALUE', "expected a duration such as 30s, 1m30s or 1h, got '90'"],
  [['run'], 'CLI_UNEXPECTED_ARGUMENT', "expected a flag, got 'run'"],
  [['-'], 'CLI_UNEXPECTED_ARGUMENT', "expected a flag, got '-'"],
  [['--', 'run'], 'CLI_UNEXPECTED_ARGUMENT', "expected a flag, got 'run'"],
])('%j is refused: %s', (argv, code, message) => {
  expect(() => parseFlags(flags, argv)).toThrow(expect.objectContaining({ code, message }));
});

test('an unknown flag is answered with the nearest known one', () => {
  expect(() => parseFlags(flags, ['-kubecofnig', 'f'])).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('did you mean -kubeconfig?') }),
  );
  expect(() => parseFlags(flags, ['-zzz'])).toThrow(
    expect.objectContaining({ remedy: '--help lists them all' }),
  );
});

test('the help shows every flag with its default and its variable', () => {
  const help = describeFlags(flags);
  expect(help).toContain('-port        port to listen on (default 8080)');
  expect(help).toContain('-wait        patience (default 1m30s)');
  expect(help).toContain('-url         where to post (HOOK_URL wins over it)');
});
