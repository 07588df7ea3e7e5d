import type { Clock } from '../../ports/clock.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { keyOf } from '../cluster/objectStore.js';
import { everyRouter } from '../routers/registry.js';

/** Until a router's controller has seen a change. */
const delayMs = 100;

const acceptances = everyRouter.flatMap(({ accepts = [] }) => accepts);

/** The controllers of every router: each accepts what it is to obey. */
export function modelGateways(server: ApiServer, clock: Clock): void {
  server.store.onChange(({ type, stored }) => {
    const acceptance = acceptances.find(
      ({ kind }) =>
        kind.group === stored.kind.group &&
        kind.plural === stored.kind.plural &&
        kind.version === stored.kind.version,
    );
    const { generation = 0 } = stored.object.metadata;
    if (!acceptance || type === 'DELETED' || acceptance.observed(stored.object) >= generation) return;
    const { kind, observed, status } = acceptance;
    const key = keyOf(stored.object);
    clock.timer(delayMs, () => {
      const live = server
        .list(kind, key.namespace)
        .find(({ object }) => keyOf(object).name === key.name)?.object;
      if (!live || observed(live) >= (live.metadata.generation ?? 0)) return;
      server.update(kind, { ...live, status: status(live) } as typeof live, 'gateway-controller', 'status');
    });
  });
}
