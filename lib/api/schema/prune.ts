import { fieldOf, fieldPath, isRecord, itemOf, type JsonObject } from './json.js';
import type { StructuralSchema } from './structural.js';

/** What an API server knows about every object, whatever its schema says. */
const alwaysKept: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** A field that the schema does not list, and the names it lists in that place. */
export interface UnknownField {
  readonly path: string;
  readonly name: string;
  readonly known: readonly string[];
}

/**
 * Deletes the fields that the schema does not list, as an API server does, and says which they were. Parts of
 * `settled`, which has none, are passed over.
 */
export function prune(schema: StructuralSchema, object: JsonObject, settled?: object): UnknownField[] {
  const pruned: UnknownField[] = [];
  const visit: Visit = (parent, field) => {
    delete parent[field.name];
    pruned.push(field);
  };
  walk(schema, object, '', visit, settled);
  return pruned;
}

/** As prune, but touches nothing, and passes over values that have the wrong type as a whole. */
export function unknownFields(schema: StructuralSchema, object: JsonObject): UnknownField[] {
  const unknown: UnknownField[] = [];
  walk(schema, object, '', (_, field, { type = 'object' }) => {
    if (type === 'object') unknown.push(field);
  });
  return unknown;
}

type Visit = (parent: JsonObject, field: UnknownField, schema: StructuralSchema) => void;

function walk(schema: StructuralSchema, value: unknown, path: string, visit: Visit, settled?: unknown): void {
  if (typeof value !== 'object' || value === null || value === settled) return;
  if (schema['x-kubernetes-preserve-unknown-fields']) return;
  if (Array.isArray(value)) {
    const items: StructuralSchema = schema.items ?? { type: schema.type };
    for (const [index, item] of value.entries())
      walk(items, item, fieldPath(path, index), visit, itemOf(settled, index));
    return;
  }
  if (!isRecord(value)) return;
  for (const name of Object.keys(value)) {
    if (path === '' && alwaysKept.has(name)) continue;
    const property = ownProperty(schema, name) ?? schema.additionalProperties;
    const place = fieldPath(path, name);
    if (property) walk(property, value[name], place, visit, fieldOf(settled, name));
    else visit(value, { path: place, name, known: Object.keys(schema.properties ?? {}) }, schema);
  }
}

function ownProperty({ properties }: StructuralSchema, name: string): StructuralSchema | undefined {
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}
