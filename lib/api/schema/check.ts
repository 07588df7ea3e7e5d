import { fieldOf, fieldPath, isRecord, itemOf, type JsonObject, typeName } from './json.js';
import type { StructuralSchema } from './structural.js';

/** What an API server finds wrong with a field, in its own words. */
export interface SchemaError {
  /** Empty where the server prints `<nil>`. */
  readonly path: string;
  /** What follows the path, such as `Required value`. */
  readonly message: string;
}

/**
 * Checks a value against a structural schema; the texts are those of Kubernetes 1.34. Parts of `settled`, which has
 * been checked, are passed over.
 */
export function check(schema: StructuralSchema, value: unknown, path = '', settled?: unknown): SchemaError[] {
  const errors: SchemaError[] = [];
  collect(schema, value, path, errors, settled);
  return withoutRepetition(errors);
}

function collect(
  schema: StructuralSchema,
  value: unknown,
  path: string,
  errors: SchemaError[],
  settled: unknown,
): void {
  if (value === null && schema.nullable) return;
  if (value === settled && settled !== undefined) return;
  checkType(schema, value, path, errors);
  checkValue(schema, value, path, errors);
  checkAlternatives(schema, value, path, errors);
  if (Array.isArray(value)) checkItems(schema, value, path, errors, settled);
  else if (isRecord(value)) checkProperties(schema, value, path, errors, settled);
}

/** The alternatives of a schema may say once more what the schema says. */
function withoutRepetition(errors: readonly SchemaError[]): SchemaError[] {
  return errors.length < 2
    ? [...errors]
    : [...new Map(errors.map((error) => [`${error.path}: ${error.message}`, error])).values()];
}

const integerOrString = ['integer', 'string'];

function checkType(schema: StructuralSchema, value: unknown, path: string, errors: SchemaError[]): void {
  const { type } = schema;
  const intOrString = schema['x-kubernetes-int-or-string'];
  if (!type && !intOrString) return;
  const given = typeName(value);
  if (!intOrString && (given === type || (given === 'integer' && type === 'number'))) return;
  if (intOrString && integerOrString.includes(given)) return;
  const expected = intOrString ? integerOrString.join() : type;
  errors.push(invalid(path, given, `must be of type ${expected}: "${given}"`));
}

function invalid(path: string, given: unknown, rule: string): SchemaError {
  return { path, message: `Invalid value: ${JSON.stringify(given)}: ${path} in body ${rule}` };
}

function checkValue(schema: StructuralSchema, value: unknown, path: string, errors: SchemaError[]): void {
  if (schema.enum && !schema.enum.includes(value)) {
    const supported = schema.enum.map((item) => JSON.stringify(item)).join(', ');
    errors.push({
      path,
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
    });
  }
  const fail = (rule: string) => errors.push(invalid(path, value, rule));
  if (typeof value === 'number') {
    const { minimum, maximum } = schema;
    if (minimum !== undefined && value < minimum) fail(`should be greater than or equal to ${minimum}`);
    if (maximum !== undefined && value > maximum) fail(`should be less than or equal to ${maximum}`);
  }
  if (typeof value === 'string') {
    const { minLength, maxLength, pattern } = schema;
    const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
    if (minLength !== undefined && length < minLength) fail(`should be at least ${minLength} chars long`);
    if (maxLength !== undefined && length > maxLength) fail(`should be at most ${maxLength} chars long`);
    if (pattern !== undefined && !new RegExp(pattern).test(value)) fail(`should match '${pattern}'`);
  }
}

function checkItems(
  schema: StructuralSchema,
  value: readonly unknown[],
  path: string,
  errors: SchemaError[],
  settled: unknown,
): void {
  const { items, minItems, maxItems } = schema;
  if (minItems !== undefined && value.length < minItems) {
    errors.push(invalid(path, value.length, `should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && value.length > maxItems) {
    errors.push({ path, message: `Too many: ${value.length}: must have at most ${maxItems} items` });
  }
  if (!items) return;
  for (const [index, item] of value.entries())
    collect(items, item, fieldPath(path, index), errors, itemOf(settled, index));
}

function checkProperties(
  schema: StructuralSchema,
  value: JsonObject,
  path: string,
  errors: SchemaError[],
  settled: unknown,
): void {
  const { properties = {}, additionalProperties, required = [] } = schema;
  for (const name of required) {
    if (!Object.hasOwn(value, name)) errors.push({ path: fieldPath(path, name), message: 'Required value' });
  }
  for (const name of Object.keys(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (property) collect(property, value[name], fieldPath(path, name), errors, fieldOf(settled, name));
  }
}

function checkAlternatives(
  schema: StructuralSchema,
  value: unknown,
  path: string,
  errors: SchemaError[],
): void {
  const { oneOf, anyOf, allOf, not } = schema;
  const valid = (branch: StructuralSchema) => check(branch, value, path).length === 0;
  const fail = (rule: string) => errors.push({ path: '', message: `Invalid value: "": "${path}" ${rule}` });
  if (oneOf) {
    const count = oneOf.filter(valid).length;
    if (count > 1) fail(`must validate one and only one schema (oneOf). Found ${count} valid alternatives`);
    if (count === 0) {
      fail('must validate one and only one schema (oneOf). Found none valid');
      // The server explains why the first one did not do.
      errors.push(...check(oneOf[0]!, value, path));
    }
  }
  if (anyOf && !anyOf.some(valid)) fail('must validate at least one schema (anyOf)');
  if (allOf && !allOf.every(valid)) fail('must validate all the schemas (allOf)');
  if (not && valid(not)) fail('must not validate the schema (not)');
}
