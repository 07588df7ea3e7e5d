import type { KubeObject } from '../api/kinds.js';
import { isRecord } from '../api/schema/json.js';

/** One field that a deployment changes. */
export interface FieldChange {
  /** e.g. `spec.template.spec.containers[podinfod].image`. */
  readonly path: string;
  /** Undefined where the field was not there; JSON otherwise. */
  readonly before: string | undefined;
  /** Undefined where the field goes. */
  readonly after: string | undefined;
}

/** What the API server writes by itself, or what says nothing about the object. */
const bookkeeping = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
]);

/** What differs between two states of an object, status and bookkeeping aside. Values of Secrets are not shown. */
export function differences(before: KubeObject, after: KubeObject): FieldChange[] {
  const found: FieldChange[] = [];
  compare(meaning(before), meaning(after), '', found);
  return after.kind === 'Secret' ? found.map(hide) : found;
}

function meaning(object: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = object as KubeObject & { status?: unknown };
  const kept = Object.entries(metadata).filter(([field]) => !bookkeeping.has(field));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

function compare(before: unknown, after: unknown, path: string, found: FieldChange[]): void {
  if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[name], after[name], joined(path, name), found);
    }
    return;
  }
  const named = namedItems(before, after);
  if (named) {
    compareItems(...named, path, found);
    return;
  }
  const [old, next] = [show(before), show(after)];
  if (old !== next) found.push({ path, before: old, after: next });
}

type Named = Map<string, unknown>;

function compareItems(before: Named, after: Named, path: string, found: FieldChange[]): void {
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    compare(before.get(name), after.get(name), `${path}[${name}]`, found);
  }
}

/** Lists whose items all have a name of their own are compared by it, other lists as a whole. */
function namedItems(before: unknown, after: unknown): [Named, Named] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const lists = [before, after].map(
    (list) => new Map(list.map((item, index) => [isRecord(item) ? String(item.name ?? index) : '', item])),
  );
  const [old, next] = lists as [Named, Named];
  if (old.has('') || next.has('') || old.size !== before.length || next.size !== after.length)
    return undefined;
  return [old, next];
}

function joined(path: string, name: string): string {
  if (/[./]/.test(name)) return `${path}["${name}"]`;
  return path ? `${path}.${name}` : name;
}

function show(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function hide({ path, before, after }: FieldChange): FieldChange {
  if (!/^(data|stringData)\b|last-applied-configuration/.test(path)) return { path, before, after };
  return { path, before: before && '(hidden)', after: after && '(hidden, changed)' };
}
