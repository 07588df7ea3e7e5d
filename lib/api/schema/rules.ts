import type { Verdicts } from './admit.js';
import type { SchemaError } from './check.js';
import { fieldOf, fieldPath, isRecord } from './json.js';
import type { StructuralSchema } from './structural.js';

/** The CEL rules that a value breaks, in an API server's words. What is a part of `before` is passed over. */
export function brokenRules(
  schema: StructuralSchema,
  value: unknown,
  verdicts: Verdicts,
  before: unknown,
  path = '',
): SchemaError[] {
  if (typeof value !== 'object' || (before !== undefined && value === before) || !hasRules(schema)) return [];
  if (Array.isArray(value)) {
    const { items } = schema;
    // Lists of a CRD are atomic: their items are no items of before.
    if (!items) return [];
    return value.flatMap((item, index) =>
      brokenRules(items, item, verdicts, undefined, fieldPath(path, index)),
    );
  }
  if (!isRecord(value)) return [];
  const errors = (schema['x-kubernetes-validations'] ?? [])
    .filter(({ rule }) => verdicts.get(rule)?.(value) === false)
    .map(({ message = 'failed rule' }) => ({ path, message: `Invalid value: "object": ${message}` }));
  const inner = Object.entries(value).flatMap(([name, field]) => {
    const property = schema.properties?.[name] ?? schema.additionalProperties;
    return property
      ? brokenRules(property, field, verdicts, fieldOf(before, name), fieldPath(path, name))
      : [];
  });
  return [...errors, ...inner];
}

const ruled = new WeakMap<StructuralSchema, boolean>();

/** Does the schema, or one within it, have a CEL rule? Looked up once a schema, which never changes. */
export function hasRules(schema: StructuralSchema): boolean {
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [...Object.values(properties), items, additionalProperties];
  const found =
    schema['x-kubernetes-validations'] !== undefined ||
    inner.some((one) => one !== undefined && hasRules(one));
  ruled.set(schema, found);
  return found;
}
