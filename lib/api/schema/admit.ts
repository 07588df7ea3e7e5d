import { check, type SchemaError } from './check.js';
import { fillDefaults } from './fill.js';
import { type JsonObject, renew } from './json.js';
import { prune, type UnknownField } from './prune.js';
import { brokenRules, hasRules } from './rules.js';
import type { StructuralSchema } from './structural.js';

export interface Admission<T> {
  /**
   * A copy, pruned and with defaults: what the API server would store if there were no errors. Its parts that are
   * as in `before` are those of `before`.
   */
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
  /** Was `before` admitted by this very schema? Then what stays the same is not looked at. @default false */
  readonly isSettled?: boolean;
}

/**
 * What an API server makes of an object of a custom resource: prunes, fills in defaults, validates, in that order.
 * Metadata and formats are not looked at; of CEL rules (`x-kubernetes-validations`) those that `verdicts` knows.
 */
export function admit<T extends object>(
  schema: StructuralSchema,
  object: T,
  { verdicts, before, isSettled = false }: AdmitOptions<T> = {},
): Admission<T> {
  const settled = isSettled ? before : undefined;
  const copy = renew(settled, object) as JsonObject;
  const pruned = prune(schema, copy, settled);
  const filled = fillDefaults(schema, copy, settled);
  // what was dropped or filled in may be what makes a part the same as before
  const isRenewed = settled === before && pruned.length === 0 && !filled;
  const admitted = (isRenewed ? copy : renew(before, copy)) as T;
  const errors = check(schema, admitted, '', settled);
  if (verdicts) errors.push(...judge(schema, admitted, verdicts, before, errors));
  return { object: admitted, errors, pruned };
}

const unchecked: SchemaError = {
  path: '',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** After such an error an API server asks no rule, as a rule may rely on types and on what is required. */
function keepsFromRules({ message }: SchemaError): boolean {
  return /^(Required value|Unsupported value|Too many|Too long)|in body must be of type /.test(message);
}

function judge(
  schema: StructuralSchema,
  object: object,
  verdicts: Verdicts,
  before: object | undefined,
  errors: readonly SchemaError[],
): readonly SchemaError[] {
  if (!errors.some(keepsFromRules)) return brokenRules(schema, object, verdicts, before);
  return hasRules(schema) ? [unchecked] : [];
}
