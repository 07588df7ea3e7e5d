import { apiVersion, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import {
  ApiError,
  type Cluster,
  type ListOptions,
  type ObjectKey,
  type WatchEvent,
} from '../../lib/ports/cluster.js';

type Change = { readonly version: number; readonly kind: string; readonly event: WatchEvent<KubeObject> };

/** Objects, versions and watches: as much of a cluster as it takes to serve one over HTTP. */
export interface MemoryCluster extends Cluster {
  /** Forgets what changed so far: a watch from an older version is answered with 410. */
  compact(): void;
  /** Sends every open watch a bookmark of the present version. */
  bookmark(): void;
  readonly watchers: () => number;
}

export function createMemoryCluster(): MemoryCluster {
  const objects = new Map<string, Map<string, KubeObject>>();
  const history: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  let version = 100;
  let oldest = 0;

  const of = (kind: Kind): Map<string, KubeObject> => {
    const known = objects.get(kind.plural) ?? new Map<string, KubeObject>();
    objects.set(kind.plural, known);
    return known;
  };
  const read = (kind: Kind, key: ObjectKey): KubeObject => {
    const found = of(kind).get(id(kind, key));
    if (!found) throw new ApiError(404, 'NotFound', `${kind.plural} "${key.name}" not found`);
    return found;
  };
  const publish = (kind: Kind, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void => {
    const change = { version, kind: kind.plural, event: { type, object: structuredClone(object) } };
    history.push(change);
    for (const listener of [...listeners]) listener(change);
  };
  const write = (kind: Kind, object: KubeObject, type: 'ADDED' | 'MODIFIED'): KubeObject => {
    version++;
    const stored = { ...structuredClone(object), apiVersion: apiVersion(kind), kind: kind.kind };
    stored.metadata = { ...stored.metadata, resourceVersion: String(version) };
    of(kind).set(id(kind, keyOf(object)), stored);
    publish(kind, type, stored);
    return structuredClone(stored);
  };
  const replace = (kind: Kind, object: KubeObject, status: boolean): KubeObject => {
    const old = read(kind, keyOf(object)) as KubeObject & { status?: unknown };
    const given = object.metadata.resourceVersion;
    if (given && given !== old.metadata.resourceVersion) {
      throw new ApiError(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${kind.plural} "${object.metadata.name}"`,
      );
    }
    const { status: written } = object as KubeObject & { status?: unknown };
    const next: KubeObject & { status?: unknown } = status
      ? { ...old, status: written }
      : { ...object, status: old.status };
    return write(kind, next, 'MODIFIED');
  };

  const cluster = {
    get: async (kind: Kind, key: ObjectKey) => structuredClone(read(kind, key)),
    list: async (kind: Kind, options: ListOptions = {}) => ({
      resourceVersion: String(version),
      items: [...of(kind).values()].filter((o) => within(o, options)).map((o) => shown(o, options)),
    }),
    watch: (
      kind: Kind,
      options: ListOptions & { resourceVersion: string; signal: AbortSignal },
      onEvent: (event: WatchEvent<KubeObject>) => void,
    ): Promise<void> => {
      const since = Number(options.resourceVersion);
      if (since < oldest) {
        return Promise.reject(new ApiError(410, 'Expired', `too old resource version: ${since} (${oldest})`));
      }
      const deliver = ({ kind: plural, event }: Change): void => {
        if (event.type === 'BOOKMARK') onEvent(event);
        else if (plural === kind.plural && within(event.object, options)) {
          onEvent({ ...event, object: shown(event.object, options) });
        }
      };
      for (const change of history) if (change.version > since) deliver(change);
      listeners.add(deliver);
      return new Promise((resolve) => {
        options.signal.addEventListener('abort', () => {
          listeners.delete(deliver);
          resolve();
        });
      });
    },
    create: async (kind: Kind, object: KubeObject) => {
      if (of(kind).has(id(kind, keyOf(object)))) {
        throw new ApiError(409, 'AlreadyExists', `${kind.plural} "${object.metadata.name}" already exists`);
      }
      const metadata = { ...object.metadata, uid: `uid-${version}`, generation: 1 };
      return write(kind, { ...object, metadata }, 'ADDED');
    },
    update: async (kind: Kind, object: KubeObject) => replace(kind, object, false),
    updateStatus: async (kind: Kind, object: KubeObject) => replace(kind, object, true),
    patch: async (kind: Kind, key: ObjectKey, type: string, patch: unknown) => {
      if (type !== 'merge') throw new ApiError(415, 'UnsupportedMediaType', 'only merge patches here');
      return write(kind, merged(read(kind, key), patch) as KubeObject, 'MODIFIED');
    },
    apply: async (kind: Kind, object: KubeObject) => {
      const old = of(kind).get(id(kind, keyOf(object)));
      return write(kind, old ? (merged(old, object) as KubeObject) : object, old ? 'MODIFIED' : 'ADDED');
    },
    delete: async (kind: Kind, key: ObjectKey) => {
      const old = read(kind, key);
      of(kind).delete(id(kind, key));
      version++;
      publish(kind, 'DELETED', { ...old, metadata: { ...old.metadata, resourceVersion: String(version) } });
    },
    compact: () => {
      oldest = version;
      history.length = 0;
    },
    bookmark: () => {
      const event = { type: 'BOOKMARK' as const, resourceVersion: String(version) };
      for (const listener of [...listeners]) listener({ version, kind: '', event });
    },
    watchers: () => listeners.size,
  };
  return cluster as unknown as MemoryCluster;
}

function keyOf({ metadata }: KubeObject): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

function id(kind: Kind, { namespace, name }: ObjectKey): string {
  return kind.namespaced ? `${namespace}/${name}` : name;
}

function within(object: KubeObject, { namespace }: ListOptions): boolean {
  return !namespace || object.metadata.namespace === namespace;
}

function shown(object: KubeObject, { metadataOnly }: ListOptions): KubeObject {
  return metadataOnly
    ? {
        apiVersion: 'meta.k8s.io/v1',
        kind: 'PartialObjectMetadata',
        metadata: structuredClone(object.metadata),
      }
    : structuredClone(object);
}

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}
