import { PerchError } from '../api/errors.js';
import { nearestName } from '../api/validation/spelling.js';

/*
 * Flags as Go's `flag` package reads them, because that is how Flagger and its load tester are started: one dash
 * or two, `-name value` or `-name=value`, booleans `-name` or `-name=false`, and nothing after the first word
 * that is no flag.
 */

/** One flag: how its text becomes a value. */
export interface Flag<T> {
  readonly default: T;
  /** One line for the help. */
  readonly summary: string;
  /** Throws a sentence, e.g. `expected a whole number`. */
  readonly read: (text: string) => T;
  /** A boolean flag may stand alone, and never takes the next word. */
  readonly boolean?: boolean;
  /** How the help prints the default. @default String */
  readonly show?: (value: never) => string;
  /** Environment variable that wins over the flag. */
  readonly environment?: string;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;

export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

export interface ParsedFlags<F extends Flags> {
  readonly values: FlagValues<F>;
  /** Names of the flags that were given, on the command line or by the environment. */
  readonly given: ReadonlySet<string>;
  /** `-h`, `-help` or `--help` was among them. */
  readonly help: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `argv`, then the environment. Throws CLI_UNKNOWN_FLAG, CLI_FLAG_VALUE or CLI_UNEXPECTED_ARGUMENT. */
export function parseFlags<F extends Flags>(
  flags: F,
  argv: readonly string[],
  environment: Environment = {},
): ParsedFlags<F> {
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  for (const [name, flag] of Object.entries(flags)) values[name] = flag.default;
  const words = [...argv];
  let help = false;
  for (let word = words.shift(); word !== undefined && word !== '--'; word = words.shift()) {
    const { name, text } = split(word);
    if ((name === 'h' || name === 'help') && !flags[name]) {
      help = true;
      continue;
    }
    const flag = flags[name] ?? unknownFlag(name, Object.keys(flags));
    values[name] = read(`-${name}`, flag, text ?? (flag.boolean ? 'true' : words.shift()));
    given.add(name);
  }
  if (words[0] !== undefined) throw unexpected(words[0]);
  for (const [name, flag] of Object.entries(flags)) {
    const text = flag.environment && environment[flag.environment];
    if (!text) continue;
    values[name] = read(flag.environment ?? name, flag, text);
    given.add(name);
  }
  return { values: values as FlagValues<F>, given, help };
}

function split(word: string): { name: string; text?: string } {
  const found = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
  if (!found) throw unexpected(word);
  const [, name = '', text] = found;
  return text === undefined ? { name } : { name, text };
}

function read(place: string, flag: Flag<unknown>, text: string | undefined): unknown {
  if (text === undefined) throw badValue(place, 'expected a value, got none');
  try {
    return flag.read(text);
  } catch (error) {
    // What a variable holds may be a secret; what stands on the command line is known to whoever reads this.
    const got = place.startsWith('-') ? `, got '${text}'` : '';
    throw badValue(place, `${error instanceof Error ? error.message : String(error)}${got}`);
  }
}

function unknownFlag(name: string, known: readonly string[]): never {
  const near = nearestName(name, known);
  throw new PerchError({
    code: 'CLI_UNKNOWN_FLAG',
    message: `there is no flag -${name}`,
    remedy: near ? `did you mean -${near}? --help lists them all` : '--help lists them all',
    path: `-${name}`,
  });
}

function badValue(place: string, message: string): PerchError {
  return new PerchError({
    code: 'CLI_FLAG_VALUE',
    message,
    remedy: 'give a value of the kind that --help shows',
    path: place,
  });
}

function unexpected(word: string): PerchError {
  return new PerchError({
    code: 'CLI_UNEXPECTED_ARGUMENT',
    message: `expected a flag, got '${word}'`,
    remedy: 'begin flags with a dash, and give booleans as -name=false',
    path: word,
  });
}
