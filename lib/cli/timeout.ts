import { readDuration } from '../api/duration.js';
import { PerchError } from '../api/errors.js';

/** Milliseconds, from a duration such as `90s` or `1h30m`; above zero. */
export function readTimeout(text: string): number {
  const ms = readDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new PerchError({
    code: 'CLI_FLAG_VALUE',
    message: `--timeout: expected a duration above zero, got ${JSON.stringify(text)}`,
    remedy: 'write numbers with the units s, m and h: 90s, 30m, 1h30m',
  });
}
