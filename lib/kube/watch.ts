import type { Kind, KubeObject } from '../api/kinds.js';
import { ApiError, type ListOptions, type WatchEvent } from '../ports/cluster.js';
import { type Status, watchError } from './failure.js';
import { splitLines } from './lines.js';
import { collectionPath, selectName } from './path.js';
import type { Transport } from './transport.js';

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

/** Metadata instead of whole objects, one object at a time; the API server has answered it since Kubernetes 1.15. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

interface WireEvent {
  readonly type: string;
  readonly object: KubeObject & Status;
}

/**
 * One streaming GET. Bookmarks are asked for, so that a watch that ends can go on where it stopped. A stream
 * that stays silent for `idleTimeoutMs` is taken for half open and ends like any other: watching again costs one
 * request, and waiting for a dead connection costs every event until then.
 */
export async function watchObjects<T extends KubeObject>(
  transport: Transport,
  kind: Kind<T>,
  options: WatchOptions,
  onEvent: (event: WatchEvent<T>) => void,
  idleTimeoutMs: number,
): Promise<void> {
  const { signal } = options;
  if (signal.aborted) return;
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: options.resourceVersion,
  });
  selectName(query, options.name);
  const stream = await open(
    transport,
    kind,
    `${collectionPath(kind, options.namespace)}?${query}`,
    options,
    idleTimeoutMs,
  );
  if (!stream) return;
  const lines = splitLines(stream);
  try {
    for (;;) {
      const line = await lines.next().catch(() => ENDED);
      if (line.done || signal.aborted) return;
      onEvent(read<T>(line.value));
    }
  } finally {
    stream.on('error', () => {}).destroy();
  }
}

/** Cut, reset or silent for too long: the port has one word for all of them, the watch is over. */
const ENDED: IteratorReturnResult<void> = { done: true, value: undefined };

async function open(
  transport: Transport,
  kind: Kind,
  path: string,
  { signal, metadataOnly }: WatchOptions,
  idleTimeoutMs: number,
) {
  try {
    const accept = metadataOnly ? METADATA_ONLY : 'application/json';
    const answer = await transport({
      verb: 'watch',
      kind,
      method: 'GET',
      path,
      accept,
      idleTimeoutMs,
      signal,
    });
    return answer.body;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function read<T extends KubeObject>(line: string): WatchEvent<T> {
  const { type, object } = parse(line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: object as unknown as T };
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata.resourceVersion ?? '' };
    case 'ERROR':
      throw watchError(object);
    default:
      throw new ApiError(
        0,
        'UnknownWatchEvent',
        `expected ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, got ${type}`,
      );
  }
}

function parse(line: string): WireEvent {
  try {
    return JSON.parse(line) as WireEvent;
  } catch (cause) {
    const error = new ApiError(
      0,
      'MalformedWatchEvent',
      `expected one JSON event a line, got ${line.length} other characters`,
    );
    error.cause = cause;
    throw error;
  }
}
