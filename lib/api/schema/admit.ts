import { check, type SchemaError } from './check.js';
import { fillDefaults } from './fill.js';
import type { JsonObject } from './json.js';
import { prune, type UnknownField } from './prune.js';
import { brokenRules } from './rules.js';
import type { StructuralSchema } from './structural.js';

export interface Admission<T> {
  /** A copy, pruned and with defaults: what the API server would store if there were no errors. */
  readonly object: T;
  readonly errors: readonly SchemaError[];
  /** Fields that were dropped because the schema does not list them. */
  readonly pruned: readonly UnknownField[];
}

/** By its CEL text, what a rule says of the value it is about. */
export type Verdicts = ReadonlyMap<string, (self: JsonObject) => boolean>;

interface AdmitOptions<T> {
  /** What stands in for CEL: a rule that is not in it counts as kept. @default - no rule is looked at */
  readonly verdicts?: Verdicts;
  /** The object that is stored: what of it stays the same is not judged anew (ratcheting, Kubernetes 1.30). */
  readonly before?: T | undefined;
}

/**
 * What an API server makes of an object of a custom resource: prunes, fills in defaults, validates, in that order.
 * Metadata and formats are not looked at; of CEL rules (`x-kubernetes-validations`) those that `verdicts` knows.
 */
export function admit<T extends object>(
  schema: StructuralSchema,
  object: T,
  { verdicts, before }: AdmitOptions<T> = {},
): Admission<T> {
  // As it goes over the wire: no undefined, and nothing that two places share.
  const copy = JSON.parse(JSON.stringify(object)) as T;
  const pruned = prune(schema, copy as JsonObject);
  fillDefaults(schema, copy);
  const errors = check(schema, copy);
  if (errors.length === 0 && verdicts) errors.push(...brokenRules(schema, copy, verdicts, before));
  return { object: copy, errors, pruned };
}
