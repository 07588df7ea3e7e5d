import type { IConstruct } from 'constructs';
import { constructError } from '../failure.js';

/** Throws unless `value` is a number (a whole one, if asked) from `min` to `max`. */
export function checkNumber(
  scope: IConstruct,
  field: string,
  value: number,
  bounds: { readonly min: number; readonly max?: number; readonly whole?: boolean },
): void {
  const { min, max = Number.POSITIVE_INFINITY, whole = false } = bounds;
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value)))
    return;
  const kind = whole ? 'a whole number' : 'a number';
  const range = max === Number.POSITIVE_INFINITY ? `of at least ${min}` : `from ${min} to ${max}`;
  throw constructError(scope, {
    code: 'CONSTRUCT_OUT_OF_RANGE',
    message: `${field}: expected ${kind} ${range}, got ${value}`,
    remedy: `give ${field} ${kind} ${range}`,
  });
}

/** Throws unless `value` is a number of things, of which there has to be one. */
export function checkCount(scope: IConstruct, field: string, value: number): void {
  checkNumber(scope, field, value, { min: 1, whole: true });
}

/** Throws unless `value` is the number of a port. */
export function checkPort(scope: IConstruct, field: string, value: number): void {
  checkNumber(scope, field, value, { min: 1, max: 65535, whole: true });
}

/** Throws when two things that must be told apart have one name. */
export function checkUnique(scope: IConstruct, what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_DUPLICATE_NAME',
    message: `${what}: expected names that differ, got ${JSON.stringify(twice)} twice`,
    remedy: `give one of the two another name`,
  });
}
