import { formatDuration, readDuration } from '../api/duration.js';
import type { ObjectKey } from '../ports/cluster.js';
import type { Flag, Flags } from './goFlags.js';

export function stringFlag(value: string, summary: string, environment?: string): Flag<string> {
  return { default: value, summary, read: (text) => text, ...(environment ? { environment } : {}) };
}

export function booleanFlag(value: boolean, summary: string): Flag<boolean> {
  return { default: value, summary, read: readBoolean, boolean: true };
}

/** A whole number from `least` to `most`. */
export function integerFlag(
  value: number,
  summary: string,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): Flag<number> {
  return {
    default: value,
    summary,
    read(text) {
      const number = Number(text);
      if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(number))
        throw new Error('expected a whole number');
      if (number < least) throw new Error(`expected a whole number not below ${least}`);
      if (number > most) throw new Error(`expected a whole number not above ${most}`);
      return number;
    },
  };
}

/** A TCP port; 0 for any that is free. */
export function portFlag(value: number, summary: string): Flag<number> {
  return integerFlag(value, summary, 0, 65_535);
}

/** One of a few words, the first unless another is given. */
export function choiceFlag<T extends string>(...choices: readonly [T, ...T[]]): Flag<T> {
  const summary = choices.join(' or ');
  return {
    default: choices[0],
    summary,
    read(text) {
      const found = choices.find((choice) => choice === text);
      if (found === undefined) throw new Error(`expected ${summary}`);
      return found;
    },
  };
}

/** `least` words or more between commas; empty ones are left out. */
export function listFlag(value: readonly string[], summary: string, least = 0): Flag<readonly string[]> {
  return {
    default: value,
    summary,
    read(text) {
      const words = text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean);
      if (words.length < least) throw new Error(`expected ${least} or more words between commas`);
      return words;
    },
  };
}

/** A namespaced object, `namespace/name`; undefined without it. */
export function objectFlag(summary: string): Flag<ObjectKey | undefined> {
  return {
    default: undefined,
    summary,
    read(text) {
      const [, namespace, name] = /^([a-z0-9.-]+)\/([a-z0-9.-]+)$/.exec(text) ?? [];
      if (!namespace || !name) throw new Error('expected namespace/name');
      return { namespace, name };
    },
  };
}

/** Milliseconds above 0, written as a Go duration such as `10s` or `1h30m`. */
export function durationFlag(valueMs: number, summary: string): Flag<number> {
  return {
    default: valueMs,
    summary,
    read(text) {
      const ms = readDuration(text);
      if (ms === undefined) throw new Error('expected a duration such as 30s, 1m30s or 1h');
      if (ms <= 0) throw new Error('expected a duration above zero');
      return ms;
    },
    show: formatDuration,
  };
}

/** As Go's strconv.ParseBool. */
function readBoolean(text: string): boolean {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new Error('expected true or false');
}

/** The flags' part of a help text, one line a flag. */
export function describeFlags(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, flag]) => [`  -${name}`, about(flag)] as const);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`).join('\n');
}

function about({ summary, default: value, environment, show = String }: Flag<unknown>): string {
  const notes = [
    ...(value === '' || value === undefined || (Array.isArray(value) && value.length === 0)
      ? []
      : [`default ${(show as (value: unknown) => string)(value)}`]),
    ...(environment ? [`${environment} wins over it`] : []),
  ];
  return notes.length > 0 ? `${summary} (${notes.join('; ')})` : summary;
}
