import { PerchError } from './errors.js';
import { createMemo } from './memo.js';

const nanosecondsPer: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

// digits may be taken in one way only: else a long text without a unit takes time by the square of its length
const wholeText = /^([+-]?)(0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/u;
const part = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/gu;
/** Go keeps durations in 64 bits, and so about 292 years. */
const longest = 2n ** 63n - 1n;

/**
 * Milliseconds of a Go duration such as `1m30s`, `1.5h` or `250ms`; undefined when the text is none.
 * The grammar is that of Go's time.ParseDuration: units ns, us, µs, ms, s, m and h, fractions, a sign, and `0`.
 */
export function readDuration(text: string): number | undefined {
  return durations(text, () => calculate(text));
}

/** Every decision reads the same few. */
const durations = createMemo<number | undefined>(256);

function calculate(text: string): number | undefined {
  const match = wholeText.exec(text);
  if (!match) return undefined;
  let total = 0n;
  for (const [, digits = '', fraction = '', unit = ''] of match[2]!.matchAll(part)) {
    const size = nanosecondsPer[unit]!;
    total += BigInt(digits || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  const negative = match[1] === '-';
  if (total > (negative ? longest + 1n : longest)) return undefined;
  // Apart, since nanoseconds of more than a hundred days have no exact number.
  const ms = Number(total / 1_000_000n) + Number(total % 1_000_000n) / 1e6;
  return negative && ms !== 0 ? -ms : ms;
}

/** As readDuration, but a text that is no duration throws `API_INVALID_DURATION`; `path` says where it stands. */
export function parseDuration(text: string, path?: string): number {
  const ms = readDuration(text);
  if (ms !== undefined) return ms;
  throw new PerchError({
    code: 'API_INVALID_DURATION',
    message: `expected a duration such as 30s, 1m30s or 1h, got ${JSON.stringify(text)}`,
    remedy: 'Write numbers with the units ns, us, ms, s, m and h, without spaces.',
    path,
  });
}

/** `value / scale` in decimal notation without trailing zeros; the scale is a power of ten. */
function decimal(value: bigint, scale: bigint): string {
  const fraction = (value % scale)
    .toString()
    .padStart(scale.toString().length - 1, '0')
    .replace(/0+$/, '');
  return `${value / scale}${fraction ? `.${fraction}` : ''}`;
}

/** A duration as Go's time.Duration prints it: `0s`, `1.515s`, `1m0s`, `1h0m0s`, `150ms`. `ms` may have a fraction. */
export function formatDuration(ms: number): string {
  const wholeMs = Math.trunc(ms);
  const total = BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((ms - wholeMs) * 1e6));
  if (total === 0n) return '0s';
  const sign = total < 0n ? '-' : '';
  const size = total < 0n ? -total : total;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 1_000n)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 1_000_000n)}ms`;
  const minute = nanosecondsPer.m!;
  const hours = size / nanosecondsPer.h!;
  const minutes = (size / minute) % 60n;
  const seconds = decimal(size % minute, nanosecondsPer.s!);
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}
