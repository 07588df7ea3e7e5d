import { collect, type Fields, isSet, itemSegment, join, listKeys, managedMetadata } from './fieldPaths.js';
import { equal, isObject, type Json, type JsonObject } from './json.js';

/** Paths of the fields that a write changed or added, and of those that it removed. */
export interface Differences {
  readonly changed: ReadonlySet<string>;
  readonly gone: ReadonlySet<string>;
}

interface Found {
  readonly changed: Set<string>;
  readonly gone: Set<string>;
}

/**
 * The same as comparing all fields of one object with all of the other, but only what differs is looked into: a write
 * changes a handful of fields among a hundred.
 */
export function differences(
  before: object | undefined,
  after: object,
  scope: 'main' | 'status',
): Differences {
  const found: Found = { changed: new Set(), gone: new Set() };
  const old = (before ?? {}) as JsonObject;
  const { apiVersion: _version, kind: _kind, metadata, status, ...rest } = after as JsonObject;
  if (scope === 'status') {
    compare(old.status, status, 'status', 'f:status', found);
    return found;
  }
  const [was, is] = [old.metadata, metadata].map((value) => (isObject(value) ? value : {}));
  for (const name of managedMetadata)
    compare(was![name], is![name], name, join('f:metadata', `f:${name}`), found);
  for (const name of Object.keys(rest)) compare(old[name], rest[name], name, `f:${name}`, found);
  for (const name of Object.keys(old))
    if (!bookkeeping.has(name) && rest[name] === undefined)
      compare(old[name], undefined, name, `f:${name}`, found);
  return found;
}

const bookkeeping: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function compare(
  before: Json | undefined,
  after: Json | undefined,
  field: string,
  path: string,
  found: Found,
): void {
  if (equal(before, after)) return;
  if (isFilled(before) && isFilled(after)) {
    for (const name of Object.keys(after))
      compare(before[name], after[name], name, join(path, `f:${name}`), found);
    for (const name of Object.keys(before))
      if (!(name in after)) compare(before[name], undefined, name, join(path, `f:${name}`), found);
    return;
  }
  const keys = Array.isArray(before) && Array.isArray(after) && keysOfBoth(before, after, field);
  if (keys) {
    compareItems(itemsBy(before as Json[], keys, path), itemsBy(after as Json[], keys, path), found);
    return;
  }
  compareFields(fieldsBelow(before, field, path), fieldsBelow(after, field, path), found);
}

function isFilled(value: Json | undefined): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0;
}

/** The keys by which the items of both lists are told apart; undefined when they are not. */
function keysOfBoth(
  before: readonly Json[],
  after: readonly Json[],
  field: string,
): readonly string[] | undefined {
  if (before.length === 0 || after.length === 0 || isSet(field)) return undefined;
  const keys = listKeys(field, after);
  const old = listKeys(field, before);
  return keys && old && keys.join() === old.join() ? keys : undefined;
}

function itemsBy(items: readonly Json[], keys: readonly string[], path: string): Map<string, Json> {
  return new Map(items.map((item) => [join(path, itemSegment(item as JsonObject, keys)), item]));
}

function compareItems(
  before: ReadonlyMap<string, Json>,
  after: ReadonlyMap<string, Json>,
  found: Found,
): void {
  for (const [path, item] of after) {
    if (!before.has(path)) found.changed.add(path);
    compare(before.get(path), item, '', path, found);
  }
  for (const [path, item] of before) {
    if (after.has(path)) continue;
    found.gone.add(path);
    compare(item, undefined, '', path, found);
  }
}

function fieldsBelow(value: Json | undefined, field: string, path: string): Fields {
  const into: Fields = new Map();
  if (value !== undefined) collect(value, field, path, into);
  return into;
}

function compareFields(before: Fields, after: Fields, { changed, gone }: Found): void {
  for (const [path, value] of after)
    if (!before.has(path) || !equal(before.get(path), value)) changed.add(path);
  for (const path of before.keys()) if (!after.has(path)) gone.add(path);
}
