import type { Verdicts } from './admit.js';
import type { SchemaError } from './check.js';
import { fieldPath, isRecord } from './json.js';
import type { StructuralSchema } from './structural.js';

/** The CEL rules that a value breaks, in an API server's words. What equals `before` is passed over. */
export function brokenRules(
  schema: StructuralSchema,
  value: unknown,
  verdicts: Verdicts,
  before: unknown,
  path = '',
): SchemaError[] {
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(value)) return [];
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
    const old = isRecord(before) ? before[name] : undefined;
    return property ? brokenRules(property, field, verdicts, old, fieldPath(path, name)) : [];
  });
  return [...errors, ...inner];
}

/** Does the schema, or one within it, have a CEL rule? */
export function hasRules(schema: StructuralSchema): boolean {
  const { properties = {}, items, additionalProperties } = schema;
  const inner = [...Object.values(properties), items, additionalProperties];
  return (
    Boolean(schema['x-kubernetes-validations']) || inner.some((one) => one !== undefined && hasRules(one))
  );
}
