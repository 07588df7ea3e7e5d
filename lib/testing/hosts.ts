import type { Canary } from '../api/canary.js';
import type { KubeObject } from '../api/kinds.js';
import type { TrafficSource } from '../sim/models/traffic.js';
import { type Declared, ofKind } from './declared.js';
import { entriesOf } from './doors.js';
import { refuseValue } from './given.js';

/** Hosts that something among the objects answers for; `*` for any. */
function hostsOf(objects: readonly KubeObject[]): string[] {
  const ofCanaries = ofKind<Canary>(objects, 'Canary').flatMap(({ spec }) => spec.service?.hosts ?? []);
  return [...entriesOf(objects).flatMap(({ hosts }) => hosts), ...ofCanaries];
}

function answers(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** Throws for users of a host that nothing answers for: all that they would tell is that their host is misspelt. */
export function checkHosts(sources: readonly TrafficSource[], { objects, entrance }: Declared): void {
  const known = [...hostsOf(objects), ...(entrance.host ? [entrance.host] : [])];
  const lost = sources.find(
    ({ host, service }) => service === undefined && !known.some((pattern) => answers(pattern, host)),
  );
  if (!lost) return;
  const expected = known.length === 0 ? 'no host, as the stack has none' : [...new Set(known)].join(' or ');
  refuseValue('traffic.host', expected, lost.host, 'leave out host: users come in where the stack says');
}
