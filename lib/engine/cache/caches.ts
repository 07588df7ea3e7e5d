import { PerchError } from '../../api/errors.js';
import { apiVersion, type Kind, type KubeObject } from '../../api/kinds.js';
import { ApiError, type ObjectKey } from '../../ports/cluster.js';
import { keyText } from './key.js';
import { isMetadataOnly, metadataOf } from './metadataOnly.js';
import { type Reflector, type ReflectorPorts, startReflector } from './reflector.js';
import { type Change, createStore, type Store } from './store.js';

export type Listener = (kind: Kind, change: Change) => void;

/**
 * Watch caches, one a kind, each started when first asked for; or one an object, where that is all that may be read.
 * ConfigMaps and Secrets are kept without their contents.
 */
export interface Caches {
  /** Starts watching `kind`, or its one object `only`; resolves once all that is asked for is known. */
  ensure(kind: Kind, only?: ObjectKey): Promise<void>;
  read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: Kind<T>): T[];
  owned<T extends KubeObject>(kind: Kind<T>, canary: ObjectKey): readonly T[];
  /** The store that a watched object is in. */
  store<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Store<T> | undefined;
  /** Ends the watches of single objects that nobody needs any more. */
  releaseSingle(isNeeded: (kind: Kind, key: ObjectKey) => boolean): void;
  stop(): Promise<void>;
}

interface Cache {
  readonly kind: Kind;
  readonly only: ObjectKey | undefined;
  readonly store: Store;
  readonly reflector: Reflector;
}

const texts = new WeakMap<Kind, string>();

/** Made once a kind: every read of a cache asks for it. */
export function kindText(kind: Kind): string {
  const text = texts.get(kind) ?? `${kind.plural}.${kind.version}.${kind.group}`;
  texts.set(kind, text);
  return text;
}

function cacheText(kind: Kind, only: ObjectKey | undefined): string {
  return only ? `${kindText(kind)}/${keyText(only)}` : kindText(kind);
}

export function createCaches(ports: ReflectorPorts, namespace: string, listen: Listener): Caches {
  const caches = new Map<string, Cache>();
  let stopped = false;

  const start = (kind: Kind, only: ObjectKey | undefined): Cache => {
    const told = (change: Change) => listen(kind, change);
    const store = isMetadataOnly(kind) ? createStore(told, metadataOf) : createStore(told);
    const scope = only ?? (kind.namespaced && namespace ? { namespace } : {});
    const reflector = startReflector(ports, kind, scope, store);
    const cache = { kind, only, store, reflector };
    caches.set(cacheText(kind, only), cache);
    return cache;
  };
  // the map holds, under a kind's name, stores of objects of that kind
  const storeOf = <T extends KubeObject>(kind: Kind<T>, key?: ObjectKey) =>
    (caches.get(kindText(kind)) ?? caches.get(cacheText(kind, key)))?.store as Store<T> | undefined;

  return {
    async ensure(kind, only) {
      if (stopped) return;
      const text = cacheText(kind, only);
      const cache = caches.get(text) ?? start(kind, only);
      await cache.reflector.synced.catch(async (error: unknown) => {
        // the next to ask tries again
        if (caches.get(text) === cache) caches.delete(text);
        await cache.reflector.stop();
        throw withheldKind(kind, only, error);
      });
    },
    read: (kind, key) => storeOf(kind, key)?.get(key),
    list: (kind) => [...(storeOf(kind)?.values() ?? [])],
    owned: (kind, canary) => storeOf(kind)?.owned(canary) ?? [],
    store: storeOf,
    releaseSingle(isNeeded) {
      for (const [text, { kind, only, reflector }] of caches) {
        if (!only || isNeeded(kind, only)) continue;
        caches.delete(text);
        void reflector.stop();
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([...caches.values()].map((cache) => cache.reflector.stop()));
    },
  };
}

function withheldKind(kind: Kind, only: ObjectKey | undefined, cause: unknown): unknown {
  if (!(cause instanceof ApiError)) return cause;
  if (cause.status === 403) return only ? forbiddenObject(kind, only, cause) : forbiddenKind(kind, cause);
  return new PerchError({
    code: 'ENGINE_KIND_MISSING',
    message: `the API server does not serve ${kind.kind} (${apiVersion(kind)})`,
    remedy: `install the CustomResourceDefinition ${kind.plural}.${kind.group} (perch's own: \`perch crds | kubectl apply --server-side -f -\`)`,
    path: `${kind.plural}.${kind.group}`,
    cause,
  });
}

function forbiddenObject(kind: Kind, { namespace, name }: ObjectKey, cause: ApiError): PerchError {
  return new PerchError({
    code: 'ENGINE_OBJECT_FORBIDDEN',
    message: `the API server does not let the controller list and watch ${kind.plural} "${name}" in ${namespace}: ${cause.message}`,
    remedy: `give its ServiceAccount get, list and watch on ${kind.plural} with that name among resourceNames (the constructs: \`secrets\` of the application, or \`controller: { secrets: 'all' }\` of the platform)`,
    path: `${namespace}/${name}`,
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
