import { PerchError } from '../api/errors.js';
import { nearestName } from '../api/validation/spelling.js';
import type { CommandEntry } from './commands.js';
import { explain, type Terminal } from './failure.js';
import { explainMisuse } from './misuse.js';
import { requireNode } from './nodeVersion.js';

export type Commands = Readonly<Record<string, CommandEntry>>;

/** What a command line comes to: 0 done, 1 refused with a reason, 2 misused, 70 a defect of perch. */
export type ExitCode = number;

/** Runs `perch <command> …`: loads that command's file alone, and explains what goes wrong. */
export async function runPerch(
  argv: readonly string[],
  commands: Commands,
  terminal: Terminal,
): Promise<ExitCode> {
  const [name, ...rest] = argv;
  try {
    requireNode(terminal.node);
    if (name === undefined || /^(-h|-?-help|help)$/.test(name)) {
      return await showHelp(rest[0], commands, terminal);
    }
    const entry = findCommand(/^(-V|-?-version)$/.test(name) ? 'version' : name, commands);
    const command = await entry.load();
    const line = `perch ${name}`;
    command
      .name(line)
      .exitOverride()
      .configureOutput({ outputError: () => {} });
    await command.parseAsync(rest, { from: 'user' }).catch((error: unknown) => {
      throw explainMisuse(error, line);
    });
    return 0;
  } catch (error) {
    return explain(error, terminal);
  }
}

async function showHelp(name: string | undefined, commands: Commands, terminal: Terminal): Promise<ExitCode> {
  if (name !== undefined && !name.startsWith('-')) {
    return runPerch([findName(name, commands), '--help'], commands, terminal);
  }
  terminal.out(helpText(commands));
  return 0;
}

function findName(name: string, commands: Commands): string {
  findCommand(name, commands);
  return name;
}

function findCommand(name: string, commands: Commands): CommandEntry {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry) return entry;
  const near = nearestName(name, Object.keys(commands));
  throw new PerchError({
    code: 'CLI_UNKNOWN_COMMAND',
    message: `there is no command '${name}'`,
    remedy: near
      ? `did you mean 'perch ${near}'? perch --help lists them all`
      : 'perch --help lists them all',
    path: `perch ${name}`,
  });
}

function helpText(commands: Commands): string {
  const lines = Object.entries(commands).map(
    ([name, { summary, example }]) => `  ${name.padEnd(12)}${summary}\n  ${' '.repeat(12)}$ ${example}`,
  );
  return [
    'perch: progressive delivery for Kubernetes in TypeScript',
    '',
    'Usage: perch <command> [arguments]',
    '',
    ...lines,
    '',
    'perch <command> --help says more about one of them.',
    '',
  ].join('\n');
}
