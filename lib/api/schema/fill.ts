import { isRecord } from './json.js';
import type { StructuralSchema } from './structural.js';

/**
 * Fills in the schema's defaults. A null where null is not allowed counts as absent: it is replaced by the default,
 * or dropped when there is none; in lists it stays.
 */
export function fillDefaults(schema: StructuralSchema, value: unknown): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) for (const item of value) fillDefaults(items, item);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (value[name] === null && !property.nullable) delete value[name];
    if (!Object.hasOwn(value, name) && property.default !== undefined) {
      value[name] = structuredClone(property.default);
    }
    if (Object.hasOwn(value, name)) fillDefaults(property, value[name]);
  }
  const { additionalProperties } = schema;
  if (!additionalProperties) return;
  for (const name of Object.keys(value)) {
    if (schema.properties && Object.hasOwn(schema.properties, name)) continue;
    if (value[name] === null && !additionalProperties.nullable) delete value[name];
    else fillDefaults(additionalProperties, value[name]);
  }
}
