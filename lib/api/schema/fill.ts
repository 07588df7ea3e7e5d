import { fieldOf, isRecord, itemOf } from './json.js';
import type { StructuralSchema } from './structural.js';

/**
 * Fills in the schema's defaults. A null where null is not allowed counts as absent: it is replaced by the default,
 * or dropped when there is none; in lists it stays. Parts of `settled`, which has its defaults, are passed over. True
 * when anything was filled in or dropped.
 */
export function fillDefaults(schema: StructuralSchema, value: unknown, settled?: unknown): boolean {
  if (typeof value !== 'object' || value === null || value === settled) return false;
  let changed = false;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items)
      for (const [index, item] of value.entries())
        if (fillDefaults(items, item, itemOf(settled, index))) changed = true;
    return changed;
  }
  if (!isRecord(value)) return false;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (value[name] === null && !property.nullable) changed = delete value[name];
    if (!Object.hasOwn(value, name) && property.default !== undefined) {
      value[name] = structuredClone(property.default);
      changed = true;
    }
    if (Object.hasOwn(value, name) && fillDefaults(property, value[name], fieldOf(settled, name)))
      changed = true;
  }
  const { additionalProperties } = schema;
  if (!additionalProperties) return changed;
  for (const name of Object.keys(value)) {
    if (schema.properties && Object.hasOwn(schema.properties, name)) continue;
    if (value[name] === null && !additionalProperties.nullable) changed = delete value[name];
    else if (fillDefaults(additionalProperties, value[name], fieldOf(settled, name))) changed = true;
  }
  return changed;
}
