import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../lib/api/errors.js';
import type { CommandEntry, Runnable } from '../../lib/cli/commands.js';
import { requireNode } from '../../lib/cli/nodeVersion.js';
import { runPerch } from '../../lib/cli/program.js';

function bed(run: (argv: readonly string[]) => void = () => {}, coloured = false, node = '24.0.0') {
  const said = { out: '', error: '', loaded: [] as string[], ran: [] as string[] };
  const entry = (name: string): CommandEntry => ({
    summary: `${name}s something`,
    example: `perch ${name} x`,
    load: async () => {
      said.loaded.push(name);
      const runnable: Runnable = {
        name: () => runnable,
        exitOverride: () => runnable,
        configureOutput: () => runnable,
        parseAsync: async (argv) => {
          said.ran.push([name, ...argv].join(' '));
          run(argv);
        },
      };
      return runnable;
    },
  });
  const commands = { synth: entry('synth'), controller: entry('controller'), version: entry('version') };
  const terminal = {
    out: (text: string) => {
      said.out += text;
    },
    error: (text: string) => {
      said.error += text;
    },
    coloured,
    node,
  };
  return { said, perch: (...argv: string[]) => runPerch(argv, commands, terminal) };
}

function throwing(error: unknown) {
  return bed(() => {
    throw error;
  });
}

test('a command gets the rest of the line, and no other command is loaded', async () => {
  const { said, perch } = bed();
  expect(await perch('controller', '-namespace', 'test')).toBe(0);
  expect(said.ran).toEqual(['controller -namespace test']);
  expect(said.loaded).toEqual(['controller']);
});

test.each([[[]], [['--help']], [['-h']], [['help']]])(
  '%j shows every command with an example',
  async (argv) => {
    const { said, perch } = bed();
    expect(await perch(...argv)).toBe(0);
    expect(said.out).toContain('controller  controllers something');
    expect(said.out).toContain('$ perch synth x');
    expect(said.loaded).toEqual([]);
  },
);

test('help about a command is the help of that command', async () => {
  const { said, perch } = bed();
  await perch('help', 'synth');
  expect(said.ran).toEqual(['synth --help']);
});

test.each(['--version', '-V', '-version'])('%s is the command version', async (word) => {
  const { said, perch } = bed();
  await perch(word);
  expect(said.ran).toEqual(['version']);
});

test('a misspelt command is answered with the nearest one and code 2', async () => {
  const { said, perch } = bed();
  expect(await perch('contoller')).toBe(2);
  expect(said.error).toContain("there is no command 'contoller'");
  expect(said.error).toContain("did you mean 'perch controller'?");
});

test.each(['constructor', 'toString', '__proto__'])('%s is no command either', async (name) => {
  expect(await bed().perch(name)).toBe(2);
});

const refused = new PerchError({
  code: 'CONSTRUCT_HOSTS_DIFFER',
  message: 'expected one host, got a and b',
  remedy: 'give the host once',
  path: 'App/podinfo',
});

test('a PerchError is told as place, message and remedy, with code 1 and no stack', async () => {
  const { said, perch } = throwing(refused);
  expect(await perch('synth')).toBe(1);
  expect(said.error).toBe(
    'App/podinfo\n  expected one host, got a and b\n  remedy: give the host once\n  [CONSTRUCT_HOSTS_DIFFER]\n',
  );
});

test('on a terminal errors are red', async () => {
  const { said, perch } = bed(() => {
    throw refused;
  }, true);
  await perch('synth');
  expect(said.error.startsWith('\u001b[31mApp/podinfo')).toBe(true);
});

test('a defect is told with its stack and code 70', async () => {
  const { said, perch } = throwing(new TypeError('x is undefined'));
  expect(await perch('synth')).toBe(70);
  expect(said.error).toContain('TypeError: x is undefined');
  expect(said.error).toContain('program.test.ts');
});

test.each([
  [
    'unknownOption',
    "error: unknown option '--jsn'\n(Did you mean --json?)",
    "unknown option '--jsn'\n  remedy: did you mean --json? perch synth --help shows what it takes\n  [CLI_UNKNOWN_FLAG]",
  ],
  [
    'excessArguments',
    'error: too many arguments. Expected 1 argument but got 2: a, b.',
    'too many arguments. Expected 1 argument but got 2: a, b.\n  remedy: perch synth --help shows what it takes\n  [CLI_UNEXPECTED_ARGUMENT]',
  ],
  [
    'missingArgument',
    "error: missing required argument 'canary'",
    "missing required argument 'canary'\n  remedy: perch synth --help shows what it takes\n  [CLI_FLAG_VALUE]",
  ],
])('a misuse that commander finds (%s) has a remedy and a code, too', async (code, message, expected) => {
  const { said, perch } = throwing(
    Object.assign(new Error(message), { code: `commander.${code}`, exitCode: 1 }),
  );
  expect(await perch('synth')).toBe(2);
  expect(said.error).toBe(`perch synth\n  ${expected}\n`);
});

test('help is no mistake', async () => {
  const { said, perch } = throwing(
    Object.assign(new Error('(help)'), { code: 'commander.helpDisplayed', exitCode: 0 }),
  );
  expect(await perch('synth', '--help')).toBe(0);
  expect(said.error).toBe('');
});

test.each([
  ['20.20.2', 1],
  ['22.18.0', 1],
  ['22.19.0', 0],
  ['24.21.0', 0],
])('Node %s ends with %i, and one that is too old is told so', async (node, code) => {
  const { said, perch } = bed(undefined, false, node);
  expect(await perch('synth')).toBe(code);
  if (code === 0) expect(said.error).toBe('');
  else expect(said.error).toContain(`expected Node 22.19 or newer, got ${node}`);
});

test('the Node that is asked for is the one that package.json asks for', () => {
  const { engines } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  const [least] = /\d+\.\d+\.\d+/.exec(engines.node) ?? [];
  expect(() => requireNode(least ?? '')).not.toThrow();
  expect(() => requireNode('22.18.9')).toThrow(/expected Node 22\.19/);
});
