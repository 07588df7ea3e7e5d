import type { PerchError } from '../../api/errors.js';
import type { Clock } from '../../ports/clock.js';
import { routePending, SETTLE_MS } from '../../ports/router.js';

/** Services that a spec names, by what tells one from another, and the share that it gives them at most. */
export type Named = ReadonlyMap<string, number>;

/** How the spec of a route names the Services that it leads to. */
export interface Backends<Spec = object> {
  named(spec: Spec): Named;
  /** The spec with all that `other` names and it does not, as Services that get no request. */
  joined(spec: Spec, other: Spec): Spec;
}

/** A controller that takes nothing holds nothing up: perhaps it is gone, and the canary is to go too. */
const patienceMs = 30_000;
/** Who waits asks again every half minute at least: a canary that has not asked for so long is gone. */
const forgottenMs = 120_000;

export interface Introductions {
  /**
   * What has to be written before `wanted`; undefined when `wanted` can be.
   * Throws `routePending` while that has been written and not every proxy may have heard of it.
   */
  before<Spec>(
    id: string,
    backends: Backends<Spec>,
    live: { readonly spec: Spec; readonly inForce: boolean },
    wanted: Spec,
  ): Spec | undefined;
}

interface Wait {
  /** When the introduction was first looked at, epoch ms. */
  readonly sinceMs: number;
  /** When it was first seen in force. */
  readonly inForceMs: number | undefined;
  /** When somebody asked last. */
  readonly askedMs: number;
}

/**
 * Makes a route that served before name the Services that are new to it, without a request for them, some seconds before
 * it leads there: a proxy that hears of routes and of Services by separate streams, as Contour's Envoy does, answers 503
 * while it knows the one without the other. Happens when a route is taken over and when it is given back: weights
 * change among Services that are known.
 */
export function createIntroductions(clock: Clock): Introductions {
  const waits = new Map<string, Wait>();
  return {
    before(id, backends, { spec, inForce }, wanted) {
      const [now, then] = [backends.named(spec), backends.named(wanted)];
      const serves = leads(now).length > 0;
      const fresh = serves ? leads(then).filter((service) => !now.get(service)) : [];
      if (fresh.some((service) => !now.has(service))) {
        waits.delete(id);
        return backends.joined(spec, wanted);
      }
      const leaves = [...now.keys()].some((service) => !then.has(service));
      if (fresh.length > 0 && leaves) awaitSettled(id, inForce);
      waits.delete(id);
      return undefined;
    },
  };

  /** After a restart in between nobody knows when it was: the wait begins anew. */
  function awaitSettled(id: string, inForce: boolean): void {
    const now = clock.now();
    for (const [other, { askedMs }] of waits) if (now - askedMs >= forgottenMs) waits.delete(other);
    const { sinceMs = now, inForceMs = inForce ? now : undefined } = waits.get(id) ?? {};
    waits.set(id, { sinceMs, inForceMs, askedMs: now });
    const endMs = Math.min(sinceMs + patienceMs, (inForceMs ?? now + 1) + SETTLE_MS);
    if (now < endMs) throw introducing(id);
  }
}

/** The route names what it will lead to next, and its proxies are given time to hear of that. */
export function introducing(id: string): PerchError {
  return routePending(
    `${id} is about to lead to other Services: its proxies are given ${SETTLE_MS / 1000} s to get to know them`,
    'spec.provider',
    'wait',
  );
}

function leads(named: Named): string[] {
  return [...named].filter(([, share]) => share > 0).map(([service]) => service);
}
