import { createMemo } from '../../api/memo.js';
import { canonical, isObject, type Json, type JsonObject } from './json.js';

/*
 * Field paths as server-side apply counts them (structured-merge-diff): `f:` a member, `k:` an item of a list with
 * keys, `v:` a member of a set. A list that is none of these is one value.
 */

const separator = '\u0000';

/** Fields by their path; an item of a keyed list has a path of its own, besides those of its fields. */
export type Fields = Map<string, Json>;

const keyed: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  versions: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
};
const sets: ReadonlySet<string> = new Set(['finalizers']);
const keyDefaults: Readonly<Record<string, Json>> = { protocol: 'TCP' };

/** Fields of a list's item that tell it from the others; undefined for a list that is one value. */
export function listKeys(field: string, items: readonly Json[]): readonly string[] | undefined {
  const keys =
    field === 'ports'
      ? items.some((item) => isObject(item) && 'containerPort' in item)
        ? 'containerPort'
        : 'port'
      : '';
  const names = keys ? [keys, 'protocol'] : keyed[field];
  return names &&
    items.every((item) => isObject(item) && names.every((name) => keyOf(item, name) !== undefined))
    ? names
    : undefined;
}

function keyOf(item: JsonObject, name: string): Json | undefined {
  return item[name] ?? keyDefaults[name];
}

export function itemSegment(item: JsonObject, names: readonly string[]): string {
  return `k:${canonical(Object.fromEntries(names.map((name) => [name, keyOf(item, name)!])))}`;
}

export function isSet(field: string): boolean {
  return sets.has(field);
}

/** All fields of `value`, which stands in `field` below `prefix`. */
export function collect(value: Json, field: string, prefix: string, into: Fields): void {
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value))
      collect(member, name, join(prefix, `f:${name}`), into);
    return;
  }
  if (Array.isArray(value) && value.length > 0) {
    if (isSet(field)) {
      for (const item of value) into.set(join(prefix, `v:${JSON.stringify(item)}`), item);
      return;
    }
    const names = listKeys(field, value);
    if (names) {
      for (const item of value) {
        const path = join(prefix, itemSegment(item as JsonObject, names));
        into.set(path, null);
        collect(item, '', path, into);
      }
      return;
    }
  }
  into.set(prefix, value);
}

export function join(prefix: string, segment: string): string {
  return prefix ? `${prefix}${separator}${segment}` : segment;
}

export const managedMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** The fields that managers own: all but identity and bookkeeping, and the status only when it is asked for. */
export function fieldsOf(object: object, scope: 'main' | 'status'): Fields {
  const into: Fields = new Map();
  const { apiVersion: _version, kind: _kind, metadata, status, ...rest } = object as JsonObject;
  if (scope === 'status') {
    if (status !== undefined) collect(status, 'status', 'f:status', into);
    return into;
  }
  for (const name of managedMetadata) {
    const value = isObject(metadata) ? metadata[name] : undefined;
    if (value !== undefined) collect(value, name, `f:metadata${separator}f:${name}`, into);
  }
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined) collect(value, name, `f:${name}`, into);
  return into;
}

/** Split once: the same fields are shown with every write. */
const split = createMemo<readonly string[]>(10_000);

export function segments(path: string): readonly string[] {
  return split(path, () => path.split(separator));
}

export function isBelow(path: string, ancestor: string): boolean {
  return path.startsWith(`${ancestor}${separator}`);
}

/** As messages name a field: `.spec.template.spec.containers[name="app"].image`. */
export function describePath(path: string): string {
  return segments(path)
    .map((segment) => {
      const rest = segment.slice(2);
      if (segment.startsWith('f:')) return `.${rest}`;
      if (segment.startsWith('v:')) return `[=${rest}]`;
      const keys = Object.entries(JSON.parse(rest) as JsonObject);
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

/** The tree of `fieldsV1` in `metadata.managedFields`. */
export function fieldsTree(paths: Iterable<string>): JsonObject {
  const root: JsonObject = {};
  for (const path of paths) {
    let node = root;
    for (const segment of segments(path)) {
      node[segment] ??= {};
      node = node[segment] as JsonObject;
    }
    if (segments(path).at(-1)!.startsWith('k:')) node['.'] = {};
  }
  return root;
}
