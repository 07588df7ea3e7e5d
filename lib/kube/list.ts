import { apiVersion, type Kind, type KubeObject } from '../api/kinds.js';
import { ApiError, type ListOptions, type ObjectList } from '../ports/cluster.js';
import { collectionPath, selectName } from './path.js';
import type { Transport } from './transport.js';

/** As client-go: bounds what the API server must hold in memory at once. */
const PAGE = 500;

const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

interface WireList<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: T[] | null;
}

/** Every object of a kind, as of one moment, in pages. */
export async function listObjects<T extends KubeObject>(
  transport: Transport,
  kind: Kind<T>,
  options: ListOptions,
  timeoutMs: number,
): Promise<ObjectList<T>> {
  const items: T[] = [];
  let token = '';
  for (;;) {
    const page = await fetchPage(transport, kind, options, { limit: PAGE, token }, timeoutMs).catch(
      (error) => {
        // The snapshot that the pages are cut from has been compacted away: once more, in one piece.
        if (token && error instanceof ApiError && error.status === 410) return undefined;
        throw error;
      },
    );
    if (!page) {
      const whole = await fetchPage(transport, kind, options, { limit: 0, token: '' }, timeoutMs);
      return complete(kind, whole, whole.items ?? []);
    }
    items.push(...(page.items ?? []));
    token = page.metadata.continue ?? '';
    if (!token) return complete(kind, page, items);
  }
}

async function fetchPage<T extends KubeObject>(
  transport: Transport,
  kind: Kind<T>,
  { namespace, name, metadataOnly }: ListOptions,
  { limit, token }: { readonly limit: number; readonly token: string },
  timeoutMs: number,
): Promise<WireList<T>> {
  const query = new URLSearchParams({ limit: String(limit) });
  selectName(query, name);
  if (token) query.set('continue', token);
  const answer = await transport({
    verb: 'list',
    kind,
    method: 'GET',
    path: `${collectionPath(kind, namespace)}?${query}`,
    accept: metadataOnly ? METADATA_ONLY : 'application/json',
    idleTimeoutMs: timeoutMs,
  });
  return (await answer.body.json()) as WireList<T>;
}

/** A list leaves out of its items what it says itself; a watch does not. Here both look the same. */
function complete<T extends KubeObject>(kind: Kind<T>, page: WireList<T>, items: T[]): ObjectList<T> {
  for (const item of items) {
    item.apiVersion ??= apiVersion(kind);
    item.kind ??= kind.kind;
  }
  return { resourceVersion: page.metadata.resourceVersion, items };
}
