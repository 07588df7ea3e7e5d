import { readDuration } from '../api/duration.js';
import { PerchError } from '../api/errors.js';
import { isRecord } from '../api/schema/json.js';
import { describeGiven } from '../api/validation/given.js';
import { unknownOption } from '../api/validation/options.js';

/** Throws `TESTING_VALUE_REFUSED`: what was expected where, what was given, and what to do about it. */
export function refuseValue(path: string, expected: string, given: unknown, remedy: string): never {
  throw new PerchError({
    code: 'TESTING_VALUE_REFUSED',
    message: `expected ${expected}, got ${typeof given === 'number' ? given : describeGiven(given, path)}`,
    remedy,
    path,
  });
}

/** Every option of `T`; that none is left out is seen to by the compiler. */
export type Options<T> = Readonly<Record<keyof T, true>>;

/** Options with none but these names: programs in JavaScript misspell them, and casts hide it. */
export function checkOptions<T>(given: unknown, path: string, options: Options<T>): void {
  const names = Object.keys(options);
  if (!isRecord(given)) refuseValue(path, `an object with ${names.join(', ')}`, given, 'write it in braces');
  const unknown = unknownOption(given, names);
  if (unknown) throw new PerchError({ code: 'TESTING_OPTION_UNKNOWN', ...unknown, path });
}

/** A list, whatever is in it. */
export function listOf<T>(value: readonly T[], path: string): readonly T[] {
  return Array.isArray(value) ? value : refuseValue(path, 'a list', value, 'write it in brackets: […]');
}

interface Range {
  readonly least: number;
  /** @default - however much */
  readonly most?: number;
}

/** A number within a range. */
export function numberWithin(value: unknown, path: string, { least, most }: Range): number {
  const fits = typeof value === 'number' && value >= least && value <= (most ?? Number.MAX_VALUE);
  if (fits) return value;
  const range = most === undefined ? `${least} or more` : `from ${least} to ${most}`;
  const remedy = most === 1 ? 'write a share: 0.05 is 5 %' : 'write a number within the range';
  refuseValue(path, `a number, ${range}`, value, remedy);
}

const example = 'write it as 500ms, 30s, 1m30s or 2h, without spaces';

/** Milliseconds of a duration that is not negative. */
export function durationOf(value: unknown, path: string): number {
  const ms = typeof value === 'string' ? readDuration(value) : undefined;
  return ms !== undefined && ms >= 0
    ? ms
    : refuseValue(path, 'a duration such as 1m30s, 0s or more', value, example);
}

/** Milliseconds of a duration above 0. */
export function spanOf(value: unknown, path: string): number {
  const ms = durationOf(value, path);
  return ms > 0 ? ms : refuseValue(path, 'a duration above 0s', value, example);
}
