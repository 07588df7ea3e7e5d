import * as z from 'zod';

/*
 * The bricks of the schemas. Two readers use them: zod, which validates and gives the types, and crds.ts, which
 * turns them into a structural OpenAPI schema. What JSON Schema cannot be derived from is said with `.meta()`.
 */

/** A Go `int` or `int32`, which Flagger's schema calls a number: a fraction passes its CRD and then breaks it. */
export function whole() {
  return z.number().refine(Number.isInteger, { error: 'a whole number' });
}

/** A whole number whose CRD type is `integer`. */
export function integer(bounds: { minimum?: number; maximum?: number; format?: string } = {}) {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = bounds;
  const text = Number.isFinite(maximum)
    ? `a whole number from ${minimum} to ${maximum}`
    : Number.isFinite(minimum)
      ? `a whole number of at least ${minimum}`
      : 'a whole number';
  return z
    .number()
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, { error: text })
    .meta({ type: 'integer', ...bounds });
}

/** A port number of a Service reference: 1 to 65535. */
export function port() {
  return integer({ minimum: 1, maximum: 65535, format: 'int32' });
}

/** A Go duration as Flagger's CRD checks it: only how it begins, and only minutes or seconds. */
export function interval() {
  return z.string().regex(/^[0-9]+(m|s)/, { error: 'a duration in minutes or seconds such as 30s or 1m30s' });
}

export function strings() {
  return z.array(z.string());
}

export function stringMap() {
  return z.record(z.string(), z.string());
}

/** A point in time, RFC 3339. */
export function dateTime() {
  return z.string().meta({ format: 'date-time' });
}

/** Alternatives, one of which an object must have; `several` allows none at all. */
function alternatives(names: readonly string[], several: boolean) {
  const each = names.map((name) => ({ required: [name] }));
  return several ? [{ not: { anyOf: each } }, ...each] : each;
}

const matchText = (names: readonly string[]) => `exactly one of ${names.join(', ')}`;

function present(value: object, names: readonly string[]): number {
  return names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length;
}

/** Strings by exact text, prefix or regular expression: at most one of the three. */
export function stringMatch() {
  const names = ['exact', 'prefix', 'regex'];
  return z
    .object({
      exact: z.string().optional().describe('The whole text.'),
      prefix: z.string().optional().describe('How the text begins.'),
      regex: z.string().optional().describe('RE2 regular expression for the whole text.'),
    })
    .refine((value) => present(value, names) <= 1, { error: `at most one of ${names.join(', ')}` })
    .meta({ oneOf: alternatives(names, true) });
}

/** As stringMatch, but one of the three must be there. */
export function originMatch() {
  const names = ['exact', 'prefix', 'regex'];
  return z
    .object({ exact: z.string().optional(), prefix: z.string().optional(), regex: z.string().optional() })
    .refine((value) => present(value, names) === 1, { error: matchText(names) })
    .meta({ oneOf: alternatives(names, false) });
}

/** Header values of an A/B test: exactly one of exact, prefix, suffix, regex. */
export function headerMatch() {
  const names = ['exact', 'prefix', 'suffix', 'regex'];
  return z
    .object({
      exact: z.string().optional().describe('The whole value.'),
      prefix: z.string().optional().describe('How the value begins.'),
      suffix: z.string().optional().describe('How the value ends.'),
      regex: z.string().optional().describe('RE2 regular expression for the whole value.'),
    })
    .refine((value) => present(value, names) === 1, { error: matchText(names) })
    .meta({ oneOf: alternatives(names, false) });
}

/** An object that has all fields of exactly one of the sets. */
export function requireOneSet(sets: readonly (readonly string[])[]) {
  const holds = (value: object) => sets.filter((set) => present(value, set) === set.length).length === 1;
  return { holds, meta: { oneOf: sets.map((required) => ({ required: [...required] })) } };
}
