import { differences } from './fieldDifferences.js';
import { fieldsTree, isBelow } from './fieldPaths.js';
import type { JsonObject } from './json.js';

/** Which fields one manager has written. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly scope: 'main' | 'status';
  readonly apiVersion: string;
  /** RFC 3339. */
  readonly time: string;
  readonly fields: ReadonlySet<string>;
}

export type Managers = readonly Manager[];

/** Who writes, and when. */
export interface Writer {
  readonly name: string;
  readonly apiVersion: string;
  readonly time: string;
}

function difference(paths: ReadonlySet<string>, dropped: ReadonlySet<string>): Set<string> {
  const kept = new Set<string>();
  for (const path of paths) if (!dropped.has(path)) kept.add(path);
  return kept;
}

function without(manager: Manager, dropped: ReadonlySet<string>): Manager {
  for (const path of dropped)
    if (manager.fields.has(path)) return { ...manager, fields: difference(manager.fields, dropped) };
  return manager;
}

/** Writes after which nobody has asked yet, at most: they keep the objects alive that they were made of. */
const mostUnasked = 100;

/** The managers of one state of an object, worked out when somebody asks for them: hardly anybody does. */
export class Ownership {
  private constructor(
    private before: Ownership | undefined,
    private write: ((before: Managers) => Managers) | undefined,
    private known: Managers,
    private readonly unasked: number,
  ) {}

  static of(managers: Managers): Ownership {
    return new Ownership(undefined, undefined, managers, 0);
  }

  /** That of the next state, which `write` tells. */
  after(write: (before: Managers) => Managers): Ownership {
    const next = new Ownership(this, write, [], this.write ? this.unasked + 1 : 0);
    if (next.unasked >= mostUnasked) next.managers();
    return next;
  }

  managers(): Managers {
    const writes: Ownership[] = [];
    for (let at: Ownership | undefined = this; at?.write; at = at.before) writes.push(at);
    for (const each of writes.toReversed()) {
      each.known = each.write!(each.before!.known);
      each.write = undefined;
      each.before = undefined;
    }
    return this.known;
  }
}

/** Takes `paths` from everybody but the one that `keeps`. */
export function takeAway(managers: Managers, paths: ReadonlySet<string>, keeps?: Manager): Managers {
  return managers
    .map((manager) => (manager === keeps ? manager : without(manager, paths)))
    .filter((manager) => manager.fields.size > 0);
}

/** The managers after a PUT or patch: what it changed is the writer's, what it removed is nobody's. */
export function afterUpdate(
  managers: Managers,
  before: object | undefined,
  after: object,
  writer: Writer,
  scope: 'main' | 'status',
): Managers {
  const { changed, gone } = differences(before, after, scope);
  if (changed.size === 0 && gone.size === 0) return managers;
  const own = managers.find(
    (manager) => manager.name === writer.name && manager.operation === 'Update' && manager.scope === scope,
  );
  const others = takeAway(managers, new Set([...changed, ...gone]));
  if (changed.size === 0) return others;
  const fields = own ? difference(own.fields, gone) : new Set<string>();
  for (const path of changed) fields.add(path);
  const entry: Manager = { ...writer, operation: 'Update', scope, fields };
  return [...others.filter((manager) => !isSame(manager, entry)), entry];
}

function isSame(a: Manager, b: Manager): boolean {
  return a.name === b.name && a.operation === b.operation && a.scope === b.scope;
}

/** True when a manager other than `except` has the field or something below it. */
export function isOwnedByOthers(managers: Managers, path: string, except: Manager | undefined): boolean {
  return managers.some(
    (manager) =>
      manager !== except &&
      (manager.fields.has(path) || [...manager.fields].some((field) => isBelow(field, path))),
  );
}

const trees = new WeakMap<ReadonlySet<string>, JsonObject>();

/** A write changes the fields of one manager or two, and all are shown. */
function treeOf(fields: ReadonlySet<string>): JsonObject {
  const known = trees.get(fields) ?? fieldsTree(fields);
  trees.set(fields, known);
  return known;
}

/** `metadata.managedFields` as the API shows it. */
export function managedFields(managers: Managers): unknown[] {
  return managers.map((manager) => ({
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    time: manager.time,
    fieldsType: 'FieldsV1',
    fieldsV1: treeOf(manager.fields),
    ...(manager.scope === 'status' && { subresource: 'status' }),
  }));
}
