import { type Fields, fieldsOf, fieldsTree, isBelow } from './fieldPaths.js';
import { equal } from './json.js';

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

function without(manager: Manager, dropped: (path: string) => boolean): Manager {
  if (![...manager.fields].some(dropped)) return manager;
  return { ...manager, fields: new Set([...manager.fields].filter((path) => !dropped(path))) };
}

/** Takes `paths` from everybody but the one that `keeps`. */
export function takeAway(managers: Managers, paths: ReadonlySet<string>, keeps?: Manager): Managers {
  return managers
    .map((manager) => (manager === keeps ? manager : without(manager, (path) => paths.has(path))))
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
  const old: Fields = before ? fieldsOf(before, scope) : new Map();
  const current = fieldsOf(after, scope);
  const changed = new Set<string>();
  for (const [path, value] of current) if (!old.has(path) || !equal(old.get(path), value)) changed.add(path);
  const gone = new Set([...old.keys()].filter((path) => !current.has(path)));
  if (changed.size === 0 && gone.size === 0) return managers;
  const own = managers.find(
    (manager) => manager.name === writer.name && manager.operation === 'Update' && manager.scope === scope,
  );
  const others = takeAway(managers, new Set([...changed, ...gone]));
  if (changed.size === 0) return others;
  const kept = [...(own?.fields ?? [])].filter((path) => !gone.has(path));
  const entry: Manager = { ...writer, operation: 'Update', scope, fields: new Set([...kept, ...changed]) };
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

/** `metadata.managedFields` as the API shows it. */
export function managedFields(managers: Managers): unknown[] {
  return managers.map((manager) => ({
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    time: manager.time,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsTree(manager.fields),
    ...(manager.scope === 'status' && { subresource: 'status' }),
  }));
}
