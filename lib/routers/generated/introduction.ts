import type { Clock } from '../../ports/clock.js';
import { routePending } from '../../ports/router.js';

/** Services that a spec names, by what tells one from another, and the share that it gives them at most. */
export type Named = ReadonlyMap<string, number>;

/** How the spec of a route names the Services that it leads to. */
export interface Backends<Spec = object> {
  named(spec: Spec): Named;
  /** The spec with all that `other` names and it does not, as Services that get no request. */
  joined(spec: Spec, other: Spec): Spec;
}

/** From the moment a proxy's controller is told of a Service until every proxy knows its pods, on a busy machine. */
const settleMs = 5_000;

export interface Introductions {
  /**
   * What has to be written before `wanted`; undefined when `wanted` can be.
   * Throws `routePending` while that has been written and not every proxy may have heard of it.
   */
  before<Spec>(id: string, backends: Backends<Spec>, live: Spec, wanted: Spec): Spec | undefined;
}

/**
 * Makes a route that served before name the Services that are new to it, without a request for them, some seconds before
 * it leads there: a proxy that hears of routes and of Services by separate streams, as Contour's Envoy does, answers 503
 * while it knows the one without the other. Happens when a route is taken over and when it is given back: weights
 * change among Services that are known.
 */
export function createIntroductions(clock: Clock): Introductions {
  const since = new Map<string, number>();
  return {
    before(id, backends, live, wanted) {
      const [now, then] = [backends.named(live), backends.named(wanted)];
      const serves = leads(now).length > 0;
      const fresh = serves ? leads(then).filter((service) => !now.get(service)) : [];
      if (fresh.some((service) => !now.has(service))) {
        since.set(id, clock.now());
        return backends.joined(live, wanted);
      }
      const leaves = [...now.keys()].some((service) => !then.has(service));
      if (fresh.length > 0 && leaves) awaitSettled(id);
      since.delete(id);
      return undefined;
    },
  };

  /** After a restart in between nobody knows when it was: the wait begins anew. */
  function awaitSettled(id: string): void {
    const began = since.get(id) ?? clock.now();
    since.set(id, began);
    if (clock.now() < began + settleMs) throw introducing(id);
  }
}

/** The route names what it will lead to next, and its proxies are given time to hear of that. */
export function introducing(id: string): Error {
  return routePending(
    `${id} is about to lead to other Services: its proxies are given ${settleMs / 1000} s to get to know them`,
    'spec.provider',
    'wait',
  );
}

function leads(named: Named): string[] {
  return [...named].filter(([, share]) => share > 0).map(([service]) => service);
}
