import type { Kind } from '../api/kinds.js';
import { unlessMissing } from '../ports/cluster.js';
import { groupPath } from './path.js';
import type { Call } from './transport.js';

type Send = (call: Omit<Call, 'idleTimeoutMs'>) => Promise<unknown>;

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** ports.Discovery: the API server's documents about one group and version. */
export async function discoverKinds(send: Send, group: string, version?: string): Promise<readonly Kind[]> {
  const served = version ?? (await preferredVersion(send, group));
  if (served === undefined) return [];
  const about = groupKind(group, served);
  const found = await read<{ resources?: Resource[] }>(send, about, groupPath(about));
  return (found?.resources ?? [])
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced }) => ({ group, version: served, kind, plural: name, namespaced }));
}

async function preferredVersion(send: Send, group: string): Promise<string | undefined> {
  if (group === '') return 'v1';
  const found = await read<{ preferredVersion?: { version: string } }>(
    send,
    groupKind(group, ''),
    `/apis/${encodeURIComponent(group)}`,
  );
  return found?.preferredVersion?.version;
}

async function read<T>(send: Send, kind: Kind, path: string): Promise<T | undefined> {
  return (await unlessMissing(send({ verb: 'discover', kind, method: 'GET', path }))) as T | undefined;
}

/** What is asked about, for those who count requests by kind. */
function groupKind(group: string, version: string): Kind {
  return { group, version, kind: 'APIResourceList', plural: '', namespaced: false };
}
