import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import {
  ApiError,
  type Cluster,
  type ListOptions,
  type ObjectKey,
  type WatchEvent,
} from '../../lib/ports/cluster.js';

export interface ApiRequest {
  readonly verb: string;
  readonly kind: string;
  readonly name: string;
}

interface Logged {
  readonly plural: string;
  readonly version: number;
  readonly event: WatchEvent<KubeObject>;
}

type Deliver = (event: WatchEvent<KubeObject>) => void;

interface Watcher {
  readonly plural: string;
  readonly name: string;
  readonly deliver: Deliver;
  readonly end: (error?: ApiError) => void;
}

/** As much of an API server as the engine's tests need: versions, conflicts, generations, status, watches. */
export class MemoryCluster implements Cluster {
  readonly requests: ApiRequest[] = [];
  /** Set to make requests fail before they have an effect. */
  refuse: (request: ApiRequest) => ApiError | undefined = () => undefined;
  /** Set to disturb what watches deliver. */
  disturb: (event: WatchEvent<KubeObject>, deliver: Deliver) => void = (event, deliver) => deliver(event);
  /** Oldest version a watch can resume from. */
  oldest = 0;
  private version = 100;
  private readonly objects = new Map<string, KubeObject>();
  private readonly history: Logged[] = [];
  private readonly watchers = new Set<Watcher>();

  constructor(private readonly missing: readonly string[] = []) {}

  async get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    this.request('get', kind, key.name);
    return structuredClone(this.require<T>(kind, key));
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}) {
    this.request('list', kind, options.name ?? '');
    const items = this.all(kind).filter(
      ({ metadata }) =>
        (!options.namespace || metadata.namespace === options.namespace) &&
        (!options.name || metadata.name === options.name),
    );
    return { resourceVersion: String(this.version), items: structuredClone(items) };
  }

  watch<T extends KubeObject>(
    kind: Kind<T>,
    options: ListOptions & { resourceVersion: string; signal: AbortSignal },
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const from = Number(options.resourceVersion);
      try {
        this.request('watch', kind, '');
        if (from < this.oldest) throw new ApiError(410, 'Expired', `too old resource version: ${from}`);
      } catch (error) {
        reject(error);
        return;
      }
      const watcher: Watcher = {
        plural: kind.plural,
        name: options.name ?? '',
        deliver: (event) => {
          const about = event.type === 'BOOKMARK' ? undefined : event.object.metadata.name;
          if (options.name && about && about !== options.name) return;
          onEvent(structuredClone(event) as WatchEvent<T>);
        },
        end: (error) => {
          this.watchers.delete(watcher);
          if (error) reject(error);
          else resolve();
        },
      };
      this.watchers.add(watcher);
      options.signal.addEventListener('abort', () => watcher.end());
      for (const logged of this.history) {
        if (logged.plural === kind.plural && logged.version > from) this.deliver(watcher, logged.event);
      }
    });
  }

  /** Names that the open watches of a kind ask for; '' for one that asks for all. */
  watched({ plural }: Kind): string[] {
    return [...this.watchers].filter((each) => each.plural === plural).map(({ name }) => name);
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const name = object.metadata.name ?? '';
    this.request('create', kind, name);
    if (this.find(kind, keyOf(object)))
      throw new ApiError(409, 'AlreadyExists', `${kind.plural} "${name}" already exists`);
    return this.put(
      kind,
      { ...object, metadata: { ...object.metadata, generation: 1, uid: `uid-${kind.plural}-${name}` } },
      'ADDED',
    );
  }

  async update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    this.request('update', kind, object.metadata.name ?? '');
    return this.replace(kind, object);
  }

  async updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    this.request('updateStatus', kind, object.metadata.name ?? '');
    const held = this.matching(kind, object);
    return this.put(
      kind,
      { ...held, status: (object as { status?: unknown }).status } as unknown as T,
      'MODIFIED',
    );
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    _type: string,
    patch: unknown,
  ): Promise<T> {
    this.request('patch', kind, key.name);
    return this.replace(kind, merge(structuredClone(this.require<T>(kind, key)), patch) as T);
  }

  async apply<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    return this.find(kind, keyOf(object))
      ? this.patch(kind, keyOf(object), 'merge', object)
      : this.create(kind, object);
  }

  async delete(kind: Kind, key: ObjectKey): Promise<void> {
    this.request('delete', kind, key.name);
    const held = this.require(kind, key);
    if ((held.metadata.finalizers ?? []).length > 0) {
      if (held.metadata.deletionTimestamp) return;
      const deletionTimestamp = '2026-01-01T00:00:00Z';
      this.put(kind, { ...held, metadata: { ...held.metadata, deletionTimestamp } }, 'MODIFIED');
      return;
    }
    this.remove(kind, key, held);
  }

  private remove(kind: Kind, key: ObjectKey, held: KubeObject): void {
    this.objects.delete(idOf(kind, key));
    this.version += 1;
    this.publish(kind, {
      type: 'DELETED',
      object: { ...held, metadata: { ...held.metadata, resourceVersion: String(this.version) } },
    });
  }

  /** Somebody else writes: creates or replaces, without counting as a request. */
  seed<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const held = this.find(kind, keyOf(object));
    if (held)
      return this.replace(kind, { ...object, metadata: { ...object.metadata, resourceVersion: undefined } });
    const metadata = { generation: 1, uid: `uid-${kind.plural}-${object.metadata.name}`, ...object.metadata };
    return this.put(kind, { ...object, metadata }, 'ADDED');
  }

  /** Somebody else changes an object, status included. */
  edit<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string, change: (object: T) => void): T {
    const object = structuredClone(this.require<T>(kind, { namespace, name }));
    const before = JSON.stringify((object as { spec?: unknown }).spec);
    change(object);
    if (JSON.stringify((object as { spec?: unknown }).spec) !== before) bumpGeneration(object);
    return this.put(kind, object, 'MODIFIED');
  }

  find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined {
    return this.objects.get(idOf(kind, key)) as T | undefined;
  }

  all<T extends KubeObject>(kind: Kind<T>): T[] {
    return [...this.objects]
      .filter(([id]) => id.startsWith(`${kind.plural}/`))
      .map(([, object]) => object as T);
  }

  /** Ends every watch, with an error when given. */
  cutWatches(error?: ApiError): void {
    for (const watcher of [...this.watchers]) watcher.end(error);
  }

  /** Requests that were made since the last call, but for those that open lists and watches. */
  takeRequests(): ApiRequest[] {
    return this.requests.splice(0).filter(({ verb }) => verb !== 'list' && verb !== 'watch');
  }

  bookmark(): void {
    for (const watcher of this.watchers)
      watcher.deliver({ type: 'BOOKMARK', resourceVersion: String(this.version) });
  }

  private request(verb: string, kind: Kind, name: string): void {
    const request = { verb, kind: kind.kind, name };
    this.requests.push(request);
    if (this.missing.includes(kind.kind))
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
    const refusal = this.refuse(request);
    if (refusal) throw refusal;
  }

  private require<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T {
    const found = this.find(kind, key);
    if (!found) throw new ApiError(404, 'NotFound', `${kind.plural} "${key.name}" not found`);
    return found;
  }

  private matching<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const held = this.require<T>(kind, keyOf(object));
    const { resourceVersion } = object.metadata;
    if (resourceVersion && resourceVersion !== held.metadata.resourceVersion) {
      throw new ApiError(409, 'Conflict', 'the object has been modified');
    }
    return held;
  }

  private replace<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const held = this.matching(kind, object);
    const next = structuredClone({
      ...object,
      status: (held as { status?: unknown }).status,
    }) as unknown as T;
    next.metadata.generation = held.metadata.generation;
    next.metadata.uid = held.metadata.uid;
    const spec = (value: T) => JSON.stringify((value as { spec?: unknown }).spec);
    if (spec(next) !== spec(held)) bumpGeneration(next);
    if (next.metadata.deletionTimestamp && (next.metadata.finalizers ?? []).length === 0) {
      this.remove(kind, keyOf(next), next);
      return next;
    }
    return this.put(kind, next, 'MODIFIED');
  }

  private put<T extends KubeObject>(kind: Kind<T>, object: T, type: 'ADDED' | 'MODIFIED'): T {
    this.version += 1;
    const stored = JSON.parse(JSON.stringify(object)) as T;
    stored.metadata.resourceVersion = String(this.version);
    this.objects.set(idOf(kind, keyOf(stored)), stored);
    this.publish(kind, { type, object: stored });
    return structuredClone(stored);
  }

  private publish(kind: Kind, event: WatchEvent<KubeObject>): void {
    this.history.push({ plural: kind.plural, version: this.version, event });
    for (const watcher of [...this.watchers])
      if (watcher.plural === kind.plural) this.deliver(watcher, event);
  }

  private deliver(watcher: Watcher, event: WatchEvent<KubeObject>): void {
    this.disturb(event, (disturbed) => {
      if (this.watchers.has(watcher)) watcher.deliver(disturbed);
    });
  }
}

function bumpGeneration(object: KubeObject): void {
  object.metadata.generation = (object.metadata.generation ?? 0) + 1;
}

function keyOf({ metadata }: KubeObject): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

function idOf(kind: Kind, key: ObjectKey): string {
  return `${kind.plural}/${key.namespace}/${key.name}`;
}

function merge(base: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = base && typeof base === 'object' ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
