import { PerchError } from '../api/errors.js';

/** Where a program's words go. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Standard error is read by a person, in colour. */
  readonly coloured: boolean;
  /** Version of Node that runs the program. */
  readonly node: string;
}

/** Ends a command with an exit code and without a word: what there is to say has been said. */
export class Ending extends Error {
  constructor(readonly exitCode: number) {
    super(`exit code ${exitCode}`);
  }
}

/** Mistakes in how the program was called, rather than in what it was given. */
const misuses = new Set([
  'CLI_FLAG_REFUSED',
  'CLI_FLAG_VALUE',
  'CLI_UNEXPECTED_ARGUMENT',
  'CLI_UNKNOWN_COMMAND',
  'CLI_UNKNOWN_FLAG',
]);

/** EX_SOFTWARE of sysexits.h. */
const DEFECT = 70;

/** Says what went wrong, and returns the exit code for it. */
export function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof Ending) return error.exitCode;
  if (error instanceof PerchError) {
    terminal.error(`${red(describe(error), terminal)}\n`);
    return misuses.has(error.code) ? 2 : 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.error(
    `${red(text, terminal)}\nThis is a defect of perch: please report it with the text above.\n`,
  );
  return DEFECT;
}

/** An error in one line, for a log. */
export function inOneLine(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe({ path, message, remedy, code }: PerchError): string {
  return [...(path ? [path] : []), `  ${message}`, `  remedy: ${remedy}`, `  [${code}]`].join('\n');
}

function red(text: string, { coloured }: Terminal): string {
  return coloured ? `\u001b[31m${text}\u001b[39m` : text;
}
