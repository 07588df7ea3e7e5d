import { apiVersion, defineKind, type Kind, type KubeObject } from '../api/kinds.js';
import type { Cluster, PatchType } from '../ports/cluster.js';
import type { Discovery } from '../ports/discovery.js';
import { discoverKinds } from './discovery.js';
import { connectionError } from './failure.js';
import { listObjects } from './list.js';
import { collectionPath, objectPath } from './path.js';
import type { Call, Transport } from './transport.js';
import { watchObjects } from './watch.js';

/** A cluster behind a real API server, and what only a composition root asks of it. */
export interface KubeCluster extends Cluster, Discovery {
  /** Namespace of the context in use; undefined when it names none. */
  readonly namespace: string | undefined;
  /** What the context calls the user; undefined when it names none. */
  readonly user: string | undefined;
  /** Does the API server know this kind? One request, answered from its discovery documents. */
  serves(kind: Kind): Promise<boolean>;
  read(path: string): Promise<unknown>;
  /** Closes every connection. */
  close(): Promise<void>;
}

export interface Timeouts {
  /** Longest silence of an ordinary request, milliseconds. @default 30000 */
  readonly requestMs?: number;
  /** Longest silence of a watch; the API server sends a bookmark about once a minute. @default 150000 */
  readonly watchMs?: number;
}

const patchTypes: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

/** What is asked for by its path alone, as the count of requests calls it. */
const unstored = defineKind('', '', 'Unstored', 'unstored');

/** ports.Cluster, one HTTP request a call. */
export function createCluster(
  transport: Transport,
  { namespace, user, close }: Pick<KubeCluster, 'namespace' | 'user' | 'close'>,
  { requestMs = 30_000, watchMs = 150_000 }: Timeouts = {},
): KubeCluster {
  const send = async (call: Omit<Call, 'idleTimeoutMs'>): Promise<unknown> => {
    const answer = await transport({ ...call, idleTimeoutMs: requestMs });
    return answer.body.json().catch((error: unknown) => {
      throw connectionError(`${call.method} ${call.path}: the answer was cut short`, error);
    });
  };
  const write = async <T extends KubeObject>(call: Omit<Call, 'idleTimeoutMs'>): Promise<T> =>
    (await send(call)) as T;
  return {
    namespace,
    user,
    get: (kind, key) => write({ verb: 'get', kind, method: 'GET', path: objectPath(kind, key) }),
    list: (kind, options = {}) => listObjects(transport, kind, options, requestMs),
    watch: (kind, options, onEvent) => watchObjects(transport, kind, options, onEvent, watchMs),
    create: (kind, object) =>
      write({
        verb: 'create',
        kind,
        method: 'POST',
        path: collectionPath(kind, object.metadata.namespace),
        body: typed(kind, object),
      }),
    update: (kind, object) =>
      write({ verb: 'update', kind, method: 'PUT', path: address(kind, object), body: typed(kind, object) }),
    updateStatus: (kind, object) =>
      write({
        verb: 'updateStatus',
        kind,
        method: 'PUT',
        path: `${address(kind, object)}/status`,
        body: typed(kind, object),
      }),
    patch: (kind, key, type, patch) =>
      write({
        verb: 'patch',
        kind,
        method: 'PATCH',
        path: objectPath(kind, key),
        contentType: patchTypes[type],
        body: patch,
      }),
    apply: (kind, object, { fieldManager, force = false, dryRun = false }) =>
      write({
        verb: 'apply',
        kind,
        method: 'PATCH',
        path: `${address(kind, object)}?${new URLSearchParams({
          fieldManager,
          force: String(force),
          ...(dryRun && { dryRun: 'All' }),
        })}`,
        // The only type that Kubernetes knows for it; JSON is YAML.
        contentType: 'application/apply-patch+yaml',
        body: typed(kind, object),
      }),
    delete: async (kind, key) => {
      // As kubectl: by itself the API server leaves the pods of a Job.
      const path = `${objectPath(kind, key)}?propagationPolicy=Background`;
      await send({ verb: 'delete', kind, method: 'DELETE', path });
    },
    read: (path) => send({ verb: 'get', kind: unstored, method: 'GET', path }),
    kinds: (group, version) => discoverKinds(send, group, version),
    serves: async ({ group, version, plural }) =>
      (await discoverKinds(send, group, version)).some((served) => served.plural === plural),
    close,
  };
}

/** An object that came out of a list may not say what it is; the API server wants to be told. */
function typed<T extends KubeObject>(kind: Kind<T>, object: T): T {
  return { ...object, apiVersion: apiVersion(kind), kind: kind.kind };
}

function address(kind: Kind, { metadata }: KubeObject): string {
  return objectPath(kind, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
}
