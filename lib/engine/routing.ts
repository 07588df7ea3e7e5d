import type { Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { routerName } from '../api/providers.js';
import type { Router, RouterContext, RouterFactory, Routes } from '../ports/router.js';
import { canaryKey } from './events.js';

/** The routers by provider, each made once, and what they were last told. */
export interface Routing {
  providerOf(canary: Canary): string;
  /** Throws a PerchError when no router has the name of the canary's provider. */
  routerOf(canary: Canary): Router;
  /** What this process last had routed; undefined after a start. */
  last(canary: Canary): Routes | undefined;
  remember(canary: Canary, routes: Routes): void;
  /** Requests have just been told another way, which proxies may not have heard of yet. */
  moved(canary: Canary): void;
  /** When that was for the last time, epoch ms; undefined when this process has not done it. */
  movedAt(canary: Canary): number | undefined;
  forget(key: string): void;
}

export function createRouting(
  factories: Readonly<Record<string, RouterFactory>>,
  context: Omit<RouterContext, 'provider'>,
  meshProvider: string,
): Routing {
  const made = new Map<string, Router>();
  const routed = new Map<string, Routes>();
  const moves = new Map<string, number>();
  const providerOf = (canary: Canary): string => canary.spec.provider || meshProvider;
  return {
    providerOf,
    routerOf(canary) {
      const provider = providerOf(canary);
      const router = made.get(provider) ?? factoryOf(factories, provider)({ ...context, provider });
      made.set(provider, router);
      return router;
    },
    last: (canary) => routed.get(canaryKey(canary)),
    remember: (canary, routes) => {
      routed.set(canaryKey(canary), routes);
    },
    moved: (canary) => {
      moves.set(canaryKey(canary), context.clock.now());
    },
    movedAt: (canary) => moves.get(canaryKey(canary)),
    forget: (key) => {
      routed.delete(key);
      moves.delete(key);
    },
  };
}

function factoryOf(factories: Readonly<Record<string, RouterFactory>>, provider: string): RouterFactory {
  const name = routerName(Object.keys(factories), provider);
  if (name !== undefined) return factories[name]!;
  throw new PerchError({
    code: 'ENGINE_PROVIDER_UNKNOWN',
    message: `expected the provider to be one of ${Object.keys(factories).join(', ')}, got ${provider || 'none'}`,
    remedy: 'correct spec.provider of the Canary, or the flag -mesh-provider for canaries that name none',
    path: 'spec.provider',
  });
}
