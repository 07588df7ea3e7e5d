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

interface Version {
  readonly version: string;
}

/** ports.Discovery: the API server's documents about one group and its versions. */
export async function discoverKinds(send: Send, group: string, version?: string): Promise<readonly Kind[]> {
  if (version !== undefined) return kindsOf(send, group, version);
  const versions = await versionsOf(send, group);
  const kinds = (await Promise.all(versions.map((each) => kindsOf(send, group, each)))).flat();
  const first = new Map(kinds.toReversed().map((kind) => [kind.plural, kind]));
  return kinds.filter((kind) => first.get(kind.plural) === kind);
}

async function kindsOf(send: Send, group: string, version: string): Promise<Kind[]> {
  const about = groupKind(group, version);
  const found = await read<{ resources?: Resource[] }>(send, about, groupPath(about));
  return (found?.resources ?? [])
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced }) => ({ group, version, kind, plural: name, namespaced }));
}

/** The preferred one first. */
async function versionsOf(send: Send, group: string): Promise<string[]> {
  if (group === '') return ['v1'];
  const found = await read<{ preferredVersion?: Version; versions?: Version[] }>(
    send,
    groupKind(group, ''),
    `/apis/${encodeURIComponent(group)}`,
  );
  const { preferredVersion, versions = [] } = found ?? {};
  const all = [...(preferredVersion ? [preferredVersion] : []), ...versions];
  return [...new Set(all.map(({ version }) => version))];
}

async function read<T>(send: Send, kind: Kind, path: string): Promise<T | undefined> {
  return (await unlessMissing(send({ verb: 'discover', kind, method: 'GET', path }))) as T | undefined;
}

/** What is asked about, for those who count requests by kind. */
function groupKind(group: string, version: string): Kind {
  return { group, version, kind: 'APIResourceList', plural: '', namespaced: false };
}
