import { PerchError } from '../../api/errors.js';
import { apiVersion, type Kind, type KubeObject } from '../../api/kinds.js';
import { ApiError, type ObjectKey } from '../../ports/cluster.js';
import { isMetadataOnly, metadataOf } from './metadataOnly.js';
import { type Reflector, type ReflectorPorts, startReflector } from './reflector.js';
import { type Change, createStore, type Store } from './store.js';

export type Listener = (kind: Kind, change: Change) => void;

/** Watch caches, one a kind, each started when first asked for. ConfigMaps and Secrets are kept without their contents. */
export interface Caches {
  /** Starts watching `kind`; resolves once all of its objects are known. */
  ensure(kind: Kind): Promise<void>;
  read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: Kind<T>): T[];
  /** The store of a kind that is watched. */
  store<T extends KubeObject>(kind: Kind<T>): Store<T> | undefined;
  stop(): Promise<void>;
}

interface Cache {
  readonly store: Store;
  readonly reflector: Reflector;
}

export function kindText(kind: Kind): string {
  return `${kind.plural}.${kind.version}.${kind.group}`;
}

export function createCaches(ports: ReflectorPorts, namespace: string, listen: Listener): Caches {
  const caches = new Map<string, Cache>();
  let stopped = false;

  const start = (kind: Kind): Cache => {
    const told = (change: Change) => listen(kind, change);
    const store = isMetadataOnly(kind) ? createStore(told, metadataOf) : createStore(told);
    const reflector = startReflector(ports, kind, kind.namespaced ? namespace : '', store);
    const cache = { store, reflector };
    caches.set(kindText(kind), cache);
    return cache;
  };
  // the map holds, under a kind's name, a store of objects of that kind
  const storeOf = <T extends KubeObject>(kind: Kind<T>) =>
    caches.get(kindText(kind))?.store as Store<T> | undefined;

  return {
    async ensure(kind) {
      if (stopped) return;
      const cache = caches.get(kindText(kind)) ?? start(kind);
      await cache.reflector.synced.catch(async (error: unknown) => {
        // the next to ask tries again
        if (caches.get(kindText(kind)) === cache) caches.delete(kindText(kind));
        await cache.reflector.stop();
        throw withheldKind(kind, error);
      });
    },
    read: (kind, key) => storeOf(kind)?.get(key),
    list: (kind) => [...(storeOf(kind)?.values() ?? [])],
    store: storeOf,
    async stop() {
      stopped = true;
      await Promise.all([...caches.values()].map((cache) => cache.reflector.stop()));
    },
  };
}

function withheldKind(kind: Kind, cause: unknown): unknown {
  if (!(cause instanceof ApiError)) return cause;
  if (cause.status === 403) return forbiddenKind(kind, cause);
  return new PerchError({
    code: 'ENGINE_KIND_MISSING',
    message: `the API server does not serve ${kind.kind} (${apiVersion(kind)})`,
    remedy: `install the CustomResourceDefinition ${kind.plural}.${kind.group} (perch's own: \`perch crds | kubectl apply --server-side -f -\`)`,
    path: `${kind.plural}.${kind.group}`,
    cause,
  });
}

function forbiddenKind(kind: Kind, cause: ApiError): PerchError {
  const resource = `${kind.plural}${kind.group && `.${kind.group}`}`;
  const switchOff = isMetadataOnly(kind)
    ? ', or start the controller with -enable-config-tracking=false'
    : '';
  return new PerchError({
    code: 'ENGINE_KIND_FORBIDDEN',
    message: `the API server does not let the controller list and watch ${resource}: ${cause.message}`,
    remedy: `give its ServiceAccount the verbs get, list and watch on ${resource}${switchOff}`,
    path: resource,
    cause,
  });
}
