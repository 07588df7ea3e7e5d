import type { KubeObject } from '../../api/kinds.js';
import { describePath, fieldsOf, isSet, itemSegment, listKeys, segments } from './fieldPaths.js';
import { canonical, copy, equal, isObject, type Json, type JsonObject } from './json.js';
import { isOwnedByOthers, type Manager, type Managers, takeAway, type Writer } from './ownership.js';
import { applyConflict } from './refusals.js';

export interface Applied {
  readonly object: KubeObject;
  readonly managers: Managers;
}

function mergeList(live: readonly Json[], applied: readonly Json[], field: string): Json[] {
  if (isSet(field)) return [...live, ...applied.filter((item) => !live.some((known) => equal(known, item)))];
  const names = listKeys(field, [...live, ...applied]);
  if (!names) return copy([...applied]);
  const merged = [...live];
  for (const item of applied) {
    const segment = itemSegment(item as JsonObject, names);
    const index = merged.findIndex((known) => itemSegment(known as JsonObject, names) === segment);
    if (index < 0) merged.push(copy(item));
    else merged[index] = merge(merged[index]!, item, '');
  }
  return merged;
}

function merge(live: Json | undefined, applied: Json, field: string): Json {
  if (isObject(live) && isObject(applied)) {
    const merged: JsonObject = { ...live };
    for (const [name, value] of Object.entries(applied)) merged[name] = merge(merged[name], value, name);
    return merged;
  }
  if (Array.isArray(live) && Array.isArray(applied)) return mergeList(live, applied, field);
  return copy(applied);
}

/** The index of a keyed item or of a set's member. */
function indexOf(list: readonly Json[], segment: string): number {
  const rest = segment.slice(2);
  if (segment.startsWith('v:')) return list.findIndex((item) => JSON.stringify(item) === rest);
  const names = Object.keys(JSON.parse(rest) as JsonObject);
  return list.findIndex(
    (item) => itemSegment(item as JsonObject, names) === `k:${canonical(JSON.parse(rest))}`,
  );
}

/** Removes the field at `path`, and the objects and lists that this leaves empty. */
function remove(node: Json | undefined, path: readonly string[]): void {
  const [segment, ...rest] = path;
  if (node === undefined || segment === undefined) return;
  if (Array.isArray(node)) {
    const index = indexOf(node, segment);
    if (index < 0) return;
    remove(node[index], rest);
    if (rest.length === 0 || isEmpty(node[index])) node.splice(index, 1);
  } else if (isObject(node)) {
    const name = segment.slice(2);
    if (!(name in node)) return;
    remove(node[name], rest);
    if (rest.length === 0 || isEmpty(node[name])) delete node[name];
  }
}

function isEmpty(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/**
 * Server-side apply of `object` onto `live` (Kubernetes documentation, "Server-Side Apply"): the manager owns what it
 * sends; what it no longer sends and nobody else owns goes; a field that another manager owns with another value is
 * a conflict (409) unless `force`d.
 */
export function applyOnto(
  live: Applied | undefined,
  object: KubeObject,
  writer: Writer,
  force: boolean,
): Applied {
  const fields = fieldsOf(object, 'main');
  const entry: Manager = {
    ...writer,
    operation: 'Apply',
    scope: 'main',
    fields: new Set(fields.keys()),
  };
  if (!live) return { object, managers: [entry] };

  const own = live.managers.find((manager) => manager.name === writer.name && manager.operation === 'Apply');
  const liveFields = fieldsOf(live.object, 'main');
  const conflicts: { manager: string; field: string }[] = [];
  const taken = new Set<string>();
  for (const [path, value] of fields) {
    if (!liveFields.has(path) || equal(liveFields.get(path), value)) continue;
    for (const manager of live.managers) {
      if (manager === own || !manager.fields.has(path)) continue;
      taken.add(path);
      conflicts.push({ manager: manager.name, field: describePath(path) });
    }
  }
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);

  const merged = merge(copy(live.object) as unknown as Json, object as unknown as Json, '');
  const dropped = [...(own?.fields ?? [])].filter(
    (path) => !fields.has(path) && !isOwnedByOthers(live.managers, path, own),
  );
  for (const path of dropped) remove(merged, segments(path));
  const others = takeAway(live.managers, new Set([...taken, ...dropped]), own).filter(
    (manager) => manager !== own,
  );
  const unchanged =
    own?.fields.size === entry.fields.size && [...entry.fields].every((path) => own.fields.has(path));
  return { object: merged as unknown as KubeObject, managers: [...others, own && unchanged ? own : entry] };
}
