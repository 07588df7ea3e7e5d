import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { PerchError } from '../api/errors.js';
import { isRecord } from '../api/schema/json.js';
import { describeGiven } from '../api/validation/given.js';
import { unknownOption } from '../api/validation/options.js';

/*
 * Programs run without a compiler as often as with one (`perch synth` strips the types), so what the types say of props
 * is looked at once more when they are given.
 */

/** A class of perch's, of which an instance is asked for. */
interface Maker<T> {
  readonly name: string;
  readonly prototype: T;
}

type Plain<T> = [T] extends [boolean]
  ? 'switch'
  : [T] extends [number]
    ? 'number'
    : [T] extends [Duration]
      ? 'duration'
      : [T] extends [string]
        ? string extends T
          ? 'text'
          : readonly T[]
        : [T] extends [readonly (infer Item)[]]
          ? [Item] extends [string]
            ? 'texts'
            : 'list' | { readonly each: Maker<Item> }
          : 'any' | 'object' | Maker<T> | Shape<T>;

type Kind<T> = Plain<Exclude<T, undefined>>;

/**
 * What each prop of `T` may be: a word of `words`, a list of texts of which it is one, a class, or a shape of its own. That none
 * is left out, and which are required, is seen to by the compiler.
 */
export type Shape<T> = {
  readonly [Name in keyof T]-?: Record<never, never> extends Pick<T, Name>
    ? Kind<T[Name]>
    : { readonly required: Kind<T[Name]> };
};

/** What is expected, whether a value is it, and how it is written. */
interface Expectation {
  readonly what: string;
  readonly fits: (value: unknown) => boolean;
  readonly remedy: string;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const braces = 'write it in braces: { … }';

const words: Readonly<Record<string, Expectation>> = {
  any: { what: 'a value', fits: (value) => value !== undefined, remedy: 'give one' },
  text: { what: 'a text that is not empty', fits: isText, remedy: 'write it in quotes' },
  texts: {
    what: 'a list of texts',
    fits: (value) => Array.isArray(value) && value.every(isText),
    remedy: "write it in brackets: ['…']",
  },
  number: {
    what: 'a number',
    fits: (value) => typeof value === 'number',
    remedy: 'write a number, without quotes',
  },
  switch: {
    what: 'true or false',
    fits: (value) => typeof value === 'boolean',
    remedy: 'write it without quotes',
  },
  list: { what: 'a list', fits: Array.isArray, remedy: 'write it in brackets: […]' },
  object: { what: 'an object', fits: isRecord, remedy: braces },
  duration: {
    what: 'a Duration',
    // by its function, since a program may have another copy of cdk8s
    fits: (value) => isRecord(value) && typeof value.toMilliseconds === 'function',
    remedy:
      'write it with its unit: Duration.seconds(30), Duration.minutes(1) or Duration.millis(500), of cdk8s',
  },
};

/**
 * Throws unless there are no props but those of the shape, each of its kind; gives them back. `path` is the construct or the function
 * that they were given to, `field` the prop that they are the value of.
 */
export function checkProps<T extends object>(path: string, given: T, shape: Shape<T>, field = ''): T {
  checkShape({ path, field }, given, shape);
  return given;
}

/**
 * The same of a construct's own props. A class that extends it may hand over more than these: only a name that is nearly one of the
 * shape's is taken for that, misspelt.
 */
export function checkConstruct<T extends object>(construct: IConstruct, given: T, shape: Shape<T>): T {
  checkShape({ path: construct.node.path, field: '', isExtensible: true }, given, shape);
  return given;
}

/** Throws unless a value that is required is an instance of the class. */
export function checkMade<T>(path: string, field: string, value: T, maker: Maker<T>): void {
  checkValue({ path, field }, value, { required: maker });
}

/** Of a value: the construct or function that it was given to, and its name there. */
interface Place {
  readonly path: string;
  readonly field: string;
  /** Others may be there too. @default false */
  readonly isExtensible?: boolean;
}

function checkShape(place: Place, given: unknown, shape: object): void {
  const expected = shaped(shape);
  if (!isRecord(given)) throw refused(place, expected, given);
  const unknown = unknownOption(given, Object.keys(shape));
  if (unknown && (unknown.isMisspelt || !place.isExtensible))
    throw refusal(place, 'CONSTRUCT_OPTION_UNKNOWN', unknown);
  for (const [name, kind] of Object.entries(shape)) {
    const field = place.field === '' ? name : `${place.field}.${name}`;
    checkValue({ path: place.path, field }, given[name], kind);
  }
}

function checkValue(place: Place, value: unknown, kind: unknown): void {
  const required = isRecord(kind) && 'required' in kind;
  if (value === undefined && !required) return;
  const wanted = required ? kind.required : kind;
  const expected = expectationOf(wanted);
  if (!expected.fits(value)) throw refused(place, expected, value);
  if (isRecord(wanted) && !('each' in wanted)) checkShape(place, value, wanted);
}

function expectationOf(kind: unknown): Expectation {
  if (typeof kind === 'string') return words[kind]!;
  if (typeof kind === 'function') return made(kind as Class);
  if (Array.isArray(kind))
    return { what: kind.join(' or '), fits: (value) => kind.includes(value), remedy: 'write one of these' };
  if (!isRecord(kind) || !('each' in kind)) return shaped(kind as object);
  const { what, fits, remedy } = made(kind.each as Class);
  const allFit = (value: unknown) => Array.isArray(value) && value.every(fits);
  return { what: `a list, each item ${what}`, fits: allFit, remedy: `${remedy}, in brackets: […]` };
}

type Class = abstract new (...args: never[]) => unknown;

function made(maker: Class): Expectation {
  const { name } = maker;
  return {
    what: `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`,
    fits: (value) => value instanceof maker,
    remedy: `make it with ${name}, of perch`,
  };
}

function shaped(shape: object): Expectation {
  return { what: `an object with ${Object.keys(shape).join(', ')}`, fits: isRecord, remedy: braces };
}

function refused(place: Place, { what, remedy }: Expectation, given: unknown): PerchError {
  const got = typeof given === 'number' ? given : describeGiven(given, place.field);
  return refusal(place, 'CONSTRUCT_VALUE_REFUSED', { message: `expected ${what}, got ${got}`, remedy });
}

function refusal(
  { path, field }: Place,
  code: string,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): PerchError {
  return new PerchError({ code, message: field === '' ? message : `${field}: ${message}`, remedy, path });
}
