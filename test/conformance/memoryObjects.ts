import type { Canary } from '../../lib/api/canary.js';
import { apiVersion, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import { isOwnedBy } from '../../lib/api/ownership.js';
import { ApiError, type ObjectKey, type PatchType } from '../../lib/ports/cluster.js';
import type { Objects } from '../../lib/ports/objects.js';

export type Dress = <T extends KubeObject>(kind: Kind<T>, object: T) => T;

/** Objects in memory, with the API server's answers to what routers ask of it, and a count of the writes. */
export class MemoryObjects implements Objects {
  writes = 0;
  private readonly stored = new Map<string, KubeObject>();
  private readonly made = new Set<string>();
  private readonly applied = new Map<string, KubeObject>();

  /** `dress`: what a controller beside the API server adds to an object as soon as it is written, e.g. a status. */
  constructor(private readonly dress: Dress = (_, object) => object) {}

  /** What routers created and is still there. */
  created(): KubeObject[] {
    return [...this.made]
      .flatMap((key) => this.stored.get(key) ?? [])
      .map((object) => structuredClone(object));
  }

  /** What was there without the router. */
  others(): KubeObject[] {
    return [...this.stored]
      .flatMap(([key, object]) => (this.made.has(key) ? [] : object))
      .map((object) => structuredClone(object));
  }

  /** Puts an object there as somebody else would: it counts as no write. */
  put<T extends KubeObject>(kind: Kind<T>, object: T): void {
    const { namespace = '', name = '' } = object.metadata;
    this.stored.set(id(kind, { namespace, name }), structuredClone(this.dress(kind, object)));
  }

  /** Resolves once what `put` and `drop` said is so on the server too, where there is one. */
  async settled(): Promise<void> {}

  drop(kind: Kind, key: ObjectKey): void {
    this.stored.delete(id(kind, key));
  }

  read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined {
    return structuredClone(this.stored.get(id(kind, key))) as T | undefined;
  }

  owned<T extends KubeObject>(kind: Kind<T>, canary: Canary): T[] {
    const inside = id(kind, { namespace: canary.metadata.namespace ?? '', name: '' });
    const found = [...this.stored].filter(
      ([key, object]) => key.startsWith(inside) && isOwnedBy(canary, object),
    );
    return found.map(([, object]) => structuredClone(object) as T);
  }

  async fetch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    return this.read(kind, key);
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const { namespace = '', name = '' } = object.metadata;
    if (this.stored.has(id(kind, { namespace, name })))
      throw new ApiError(409, 'AlreadyExists', `${name} exists`);
    if (object.kind !== kind.kind || object.apiVersion !== apiVersion(kind)) {
      throw new ApiError(400, 'BadRequest', `expected a ${kind.kind}`);
    }
    this.writes += 1;
    this.noteCreated(kind, { namespace, name });
    this.put(kind, {
      ...object,
      metadata: { ...object.metadata, uid: `uid-${name}`, resourceVersion: `${this.writes}` },
    });
    return this.mustRead(kind, { namespace, name });
  }

  async update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const { namespace = '', name = '' } = object.metadata;
    this.mustRead(kind, { namespace, name });
    this.writes += 1;
    this.put(kind, object);
    return object;
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
  ): Promise<T> {
    if (type !== 'merge') throw new ApiError(415, 'UnsupportedMediaType', type);
    const current = this.mustRead(kind, key);
    this.writes += 1;
    this.put(kind, merge(current, patch) as T);
    return this.mustRead(kind, key);
  }

  /** Lists are replaced whole: every list that routers apply is an atomic one. An annotation that is applied no more goes. */
  async apply<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const { namespace = '', name = '', resourceVersion } = object.metadata;
    const current = this.mustRead(kind, { namespace, name });
    if (resourceVersion && resourceVersion !== current.metadata.resourceVersion)
      throw new ApiError(409, 'Conflict', `${name} has been modified`);
    this.writes += 1;
    const before = this.applied.get(id(kind, { namespace, name }))?.metadata.annotations ?? {};
    const gone = Object.fromEntries(Object.keys(before).map((key) => [key, null]));
    this.applied.set(id(kind, { namespace, name }), structuredClone(object));
    const without = merge(current, { metadata: { annotations: gone } });
    this.put(kind, merge(without, object) as T);
    return this.mustRead(kind, { namespace, name });
  }

  async remove(kind: Kind, key: ObjectKey): Promise<void> {
    this.mustRead(kind, key);
    this.writes += 1;
    this.drop(kind, key);
  }

  /** `created` is to give it. */
  protected noteCreated(kind: Kind, key: ObjectKey): void {
    this.made.add(id(kind, key));
  }

  private mustRead<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T {
    const object = this.read(kind, key);
    if (!object) throw new ApiError(404, 'NotFound', `${kind.plural} "${key.name}" not found`);
    return object;
  }
}

/** RFC 7396, as the API server applies it. */
export function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = merge(result[field], value);
  }
  return result;
}

function id(kind: Kind, { namespace, name }: ObjectKey): string {
  return `${kind.group}/${kind.kind}/${namespace}/${name}`;
}
