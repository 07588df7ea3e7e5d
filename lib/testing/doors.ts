import type { Canary } from '../api/canary.js';
import { apexName } from '../api/defaults.js';
import type { KubeObject } from '../api/kinds.js';
import type { Door } from '../sim/routers/model.js';
import { everyRouter } from '../sim/routers/registry.js';
import type { TrafficTarget } from './models/traffic.js';

/** An object by which users come in. */
export interface Entry {
  readonly door: Door;
  readonly name: string;
  /** `*` for any. */
  readonly hosts: readonly string[];
  /** Names of what it leads to. */
  readonly leadsTo: readonly string[];
}

const doors = [...new Set(everyRouter.flatMap(({ door }) => door ?? []))];

export function entriesOf(objects: readonly KubeObject[]): Entry[] {
  return objects.flatMap((object) => {
    const door = doors.find(
      ({ kind }) => kind.kind === object.kind && object.apiVersion?.startsWith(`${kind.group}/`),
    );
    if (!door) return [];
    const { name = '' } = object.metadata;
    return [{ door, name, hosts: door.hosts(object), leadsTo: door.leadsTo(object) }];
  });
}

/** The host by which users come to the release; without one they are pods that ask the Service. */
export function entranceOf(objects: readonly KubeObject[], { spec, metadata }: Canary): TrafficTarget {
  const { service, ingressRef, routeRef } = spec;
  const name = apexName(spec);
  const entries = entriesOf(objects);
  const named = entries.filter((entry) => entry.name === (ingressRef ?? routeRef)?.name);
  const leading = entries.filter(({ leadsTo }) => leadsTo.includes(name));
  const hosts = [...[...named, ...leading].flatMap((entry) => entry.hosts), ...(service?.hosts ?? [])];
  const isOfGateway = service?.gatewayRefs?.some(({ kind }) => kind !== 'Service') ?? false;
  const host = hosts.find((one) => !one.startsWith('*')) ?? hosts[0] ?? (isOfGateway ? '*' : undefined);
  if (host !== undefined) return { host: host === '*' ? 'example.com' : host.replace('*.', 'www.') };
  return { host: '', service: { namespace: metadata.namespace ?? 'default', name } };
}
