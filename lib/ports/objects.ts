import type { Canary } from '../api/canary.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import type { ObjectKey, PatchType } from './cluster.js';

/**
 * Kubernetes objects as routers and targets see them: reads come from watch caches and cost nothing, writes go
 * to the API server and are visible to the next read at once.
 */
export interface Objects {
  /** From the cache. The kind must be one that the router or target named in `watches`. */
  read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  /** All that were made for the Canary, from the cache, which has to be there as for `read`. */
  owned<T extends KubeObject>(kind: Kind<T>, canary: Canary): readonly T[];
  /** Live, for what is cached as metadata only (Secrets). Undefined when it does not exist. */
  fetch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined>;
  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, type: PatchType, patch: unknown): Promise<T>;
  /**
   * Server-side apply as `perch`, taking over fields that others own; with `metadata.resourceVersion` set, only if
   * nobody wrote in between.
   */
  apply<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  remove(kind: Kind, key: ObjectKey): Promise<void>;
}
