/**
 * What a template computes with. `bigint` is Go's int, `number` its float64; null is nil, undefined what Go prints
 * as `<no value>`.
 */
export type Value = string | boolean | bigint | number | null | undefined | ReadonlyMap<string, string>;

/** The value's type in Go's words, for messages and `%T`. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    default:
      return value ? 'map[string]string' : '<nil>';
  }
}

/** False for `false`, 0, nil and what is empty. */
export function isTrue(value: Value): boolean {
  if (typeof value === 'object') return value !== null && value.size > 0;
  return Boolean(value);
}
