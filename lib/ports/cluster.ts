import type { Kind, KubeObject } from '../api/kinds.js';

/** Name within a namespace; cluster-scoped objects have namespace ''. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

export interface ListOptions {
  /** One namespace; all when absent. */
  readonly namespace?: string;
  /** The one object of this name, in `namespace`; the rights to list and to watch can be given for it alone. */
  readonly name?: string;
  /** Ask for `PartialObjectMetadata` only: no data of a Secret crosses the wire. @default false */
  readonly metadataOnly?: boolean;
}

export interface ObjectList<T> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export type PatchType = 'merge' | 'json';

/**
 * The Kubernetes API, one method a verb; every call but an event of an open watch is one API request.
 * Failures reject with an `ApiError` (below): 404, 409, 410, 422, 429, 5xx and a broken connection (status 0).
 */
export interface Cluster {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /**
   * Calls `onEvent` for each change after `resourceVersion` until `signal` is aborted (resolves) or the
   * connection ends (resolves) or the server refuses (rejects with ApiError, 410 when the version is too old).
   */
  watch<T extends KubeObject>(
    kind: Kind<T>,
    options: ListOptions & { readonly resourceVersion: string; readonly signal: AbortSignal },
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<void>;
  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  /** PUT; with `metadata.resourceVersion` set, only if nobody wrote in between. */
  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  /** PUT of the status subresource. */
  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, type: PatchType, patch: unknown): Promise<T>;
  /** Server-side apply. With `dryRun` the answer is the same and nothing is stored. */
  apply<T extends KubeObject>(
    kind: Kind<T>,
    object: T,
    options: { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean },
  ): Promise<T>;
  delete(kind: Kind, key: ObjectKey): Promise<void>;
  /**
   * Parsed answer to a GET of what the API server serves without storing it, e.g. external metrics; `path` has its
   * query. A virtual cluster, which has stored objects only, does without.
   */
  read?(path: string): Promise<unknown>;
}

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    /** HTTP status; 0 when the connection failed before an answer came. */
    readonly status: number,
    /** `reason` of the Status object, e.g. `Conflict`, `NotFound`, `Expired`. */
    readonly reason: string,
    message: string,
    /** Milliseconds the server asked to wait. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }

  /** Is there no such object, or no such kind? */
  get isMissing(): boolean {
    return this.status === 404;
  }

  /** Does the server not answer, for now? */
  get isAway(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What was asked for; undefined when the server has none of it. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof ApiError && error.isMissing) return undefined;
    throw error;
  });
}
