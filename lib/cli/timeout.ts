import { Option } from 'commander';
import { readDuration } from '../api/duration.js';
import { PerchError } from '../api/errors.js';

/** `--timeout`, in milliseconds; `standard` is shown as it is written. */
export function timeoutOption(standard: string, what = 'longest wait'): Option {
  return new Option('--timeout <duration>', what)
    .argParser(readTimeout)
    .default(readTimeout(standard), standard);
}

/** Milliseconds, from a duration such as `90s` or `1h30m`; above zero. */
export function readTimeout(text: string): number {
  const ms = readDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  const expected = ms === undefined ? 'a number with its unit' : 'a duration above zero';
  throw new PerchError({
    code: 'CLI_FLAG_VALUE',
    message: `--timeout: expected ${expected}, got ${JSON.stringify(text)}`,
    remedy: 'write numbers with the units s, m and h: 90s, 30m, 1h30m',
  });
}
