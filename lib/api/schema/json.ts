export type JsonObject = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field of what may be no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** The item of what may be no list. */
export function itemOf(value: unknown, index: number): unknown {
  return Array.isArray(value) ? value[index] : undefined;
}

/** The path of a field, in the API server's notation: `spec.analysis.metrics[0].name`. */
export function fieldPath(parent: string, name: string | number): string {
  if (typeof name === 'number') return `${parent}[${name}]`;
  return parent === '' ? name : `${parent}.${name}`;
}

/** The API server's name for the type of a value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** The value at a path given as keys; undefined when the path leads nowhere. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

/**
 * A copy of `after` as JSON carries it, made of the very parts of `before` that it repeats; `before` itself when it
 * repeats all. So what a write leaves as it was is known by identity, and is not looked at again.
 */
export function renew(before: unknown, after: unknown): unknown {
  if (after === before || typeof after === 'string' || typeof after === 'boolean') return after;
  if (Array.isArray(after)) return renewList(Array.isArray(before) ? before : undefined, after);
  if (isRecord(after)) return renewRecord(isRecord(before) ? before : undefined, after);
  return Number.isFinite(after) ? after : null;
}

function renewList(before: readonly unknown[] | undefined, after: readonly unknown[]): readonly unknown[] {
  let isSame = before?.length === after.length;
  const list = after.map((item, index) => {
    const renewed = renew(before?.[index], item ?? null);
    if (renewed !== before?.[index]) isSame = false;
    return renewed;
  });
  return before && isSame ? before : list;
}

function renewRecord(before: JsonObject | undefined, after: JsonObject): JsonObject {
  const record: JsonObject = {};
  let kept = 0;
  let isSame = before !== undefined;
  for (const name of Object.keys(after)) {
    const field = after[name];
    if (field === undefined) continue;
    const earlier = before && Object.hasOwn(before, name) ? before[name] : undefined;
    const renewed = renew(earlier, field);
    put(record, name, renewed);
    if (renewed === earlier) kept++;
    else isSame = false;
  }
  return before && isSame && kept === Object.keys(before).length ? before : record;
}

/** Sets a field, also that one name, possible in a ConfigMap's data, whose assignment would set the prototype. */
function put(record: JsonObject, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, configurable: true, enumerable: true, writable: true });
}

/** A copy without the fields that are null or undefined, which an API server takes for absent; lists keep theirs. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(entries.map(([name, field]) => [name, withoutNulls(field)]));
}
