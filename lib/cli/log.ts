import type { Clock } from '../ports/clock.js';
import type { Log, LogLevel } from '../ports/log.js';

export interface LogOptions {
  /** debug, info, warn, error; fatal and panic let nothing through; anything else is info, as in Flagger. */
  readonly level: string;
  /** `console` for people; anything else is JSON. */
  readonly encoding: string;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

const ranks: Readonly<Record<string, number>> = { debug: 0, info: 1, warn: 2, error: 3, fatal: 4, panic: 4 };

/** One line an entry, with the keys of Flagger's zap logger: level, ts, msg, then the fields. */
export function createLog({ level, encoding, clock, write }: LogOptions): Log {
  const least = ranks[level] ?? 1;
  const format = encoding === 'console' ? consoleLine : jsonLine;
  return {
    log(entryLevel, message, fields = {}) {
      if ((ranks[entryLevel] ?? 1) < least) return;
      write(`${format(entryLevel, new Date(clock.now()).toISOString(), message, fields)}\n`);
    },
  };
}

type Format = (level: LogLevel, ts: string, msg: string, fields: Readonly<Record<string, unknown>>) => string;

const jsonLine: Format = (level, ts, msg, fields) => JSON.stringify({ level, ts, msg, ...fields });

const consoleLine: Format = (level, ts, msg, fields) => {
  const rest = Object.keys(fields).length > 0 ? [JSON.stringify(fields)] : [];
  return [ts, level, msg, ...rest].join('\t');
};
