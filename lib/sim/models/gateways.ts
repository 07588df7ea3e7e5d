import type { Clock } from '../../ports/clock.js';
import type { Route } from '../../routers/gateway-api/kinds.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { keyOf } from '../cluster/objectStore.js';
import { acceptedKinds } from './routeObjects.js';

/** Until a gateway's controller has seen a change. */
const delayMs = 100;

/** A controller of every Gateway and mesh: it accepts each route for each of its parents. */
export function modelGateways(server: ApiServer, clock: Clock): void {
  server.store.onChange(({ type, stored }) => {
    const kind = acceptedKinds.find(
      ({ plural, version }) => plural === stored.kind.plural && version === stored.kind.version,
    );
    const { generation = 0 } = stored.object.metadata;
    if (!kind || type === 'DELETED' || observed(stored.object as Route) >= generation) return;
    const key = keyOf(stored.object);
    clock.timer(delayMs, () => {
      const live = server.list(kind, key.namespace).find(({ object }) => keyOf(object).name === key.name)
        ?.object as Route | undefined;
      if (!live || observed(live) >= (live.metadata.generation ?? 0)) return;
      server.update(kind, accepted(live), 'gateway-controller', 'status');
    });
  });
}

function observed({ status }: Route): number {
  return status?.parents?.[0]?.conditions?.[0]?.observedGeneration ?? -1;
}

function accepted(route: Route): Route {
  const observedGeneration = route.metadata.generation ?? 0;
  const conditions = [
    { type: 'Accepted', status: 'True', reason: 'Accepted', message: '', observedGeneration },
  ];
  const parents = (route.spec?.parentRefs ?? []).map((parentRef) => ({
    parentRef,
    controllerName: 'perch.test/gateway',
    conditions,
  }));
  return { ...route, status: { parents } } as Route;
}
