import { check, type SchemaError } from './check.js';
import { fillDefaults } from './fill.js';
import type { JsonObject } from './json.js';
import { prune, type UnknownField } from './prune.js';
import type { StructuralSchema } from './structural.js';

export interface Admission<T> {
  /** A copy, pruned and with defaults: what the API server would store if there were no errors. */
  readonly object: T;
  readonly errors: readonly SchemaError[];
  /** Fields that were dropped because the schema does not list them. */
  readonly pruned: readonly UnknownField[];
}

/**
 * What an API server makes of an object of a custom resource: prunes, fills in defaults, validates, in that order.
 * Metadata, formats and CEL rules (`x-kubernetes-validations`) are not looked at.
 */
export function admit<T extends object>(schema: StructuralSchema, object: T): Admission<T> {
  // As it goes over the wire: no undefined, and nothing that two places share.
  const copy = JSON.parse(JSON.stringify(object)) as T;
  const pruned = prune(schema, copy as JsonObject);
  fillDefaults(schema, copy);
  return { object: copy, errors: check(schema, copy), pruned };
}
