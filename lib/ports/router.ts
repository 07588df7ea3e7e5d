import type { Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { Kind } from '../api/kinds.js';
import type { ProviderCapabilities } from '../api/providers.js';
import type { Clock } from './clock.js';
import type { Objects } from './objects.js';

/** Where requests go, in percent; `primary + canary` is 100. */
export interface Routes {
  readonly primary: number;
  readonly canary: number;
  /** Copies of the primary's requests also go to the canary. */
  readonly mirrored: boolean;
}

export type RouterCapabilities = ProviderCapabilities;

export interface RouterSync {
  /** What the routing objects said before; undefined when they did not exist or did not say. */
  readonly found: Routes | undefined;
  /** True when something was written. */
  readonly changed: boolean;
}

/** Sends a canary's traffic. One folder below `routers/` a variant. */
export interface Router {
  /** What it can do for a canary like this one. */
  capabilities(canary: Canary): RouterCapabilities;
  /** Kinds the engine watches and caches for a canary like this one. */
  watches(canary: Canary): readonly Kind[];
  /**
   * Makes the routing objects exist and send traffic as `desired` says. Idempotent: writes nothing when they
   * already do, as far as the data plane has taken them. Throws a PerchError when the canary's own objects do not allow it (a missing Ingress, say).
   */
  sync(canary: Canary, desired: Routes): Promise<RouterSync>;
  /**
   * Puts back what was there before perch (revertOnDeletion). Idempotent; throws `routePending` when it is to be called
   * again, as proxies have to hear of something first.
   */
  finalize(canary: Canary): Promise<void>;
}

export interface RouterContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** `spec.provider`, or `-mesh-provider`, with whatever follows the router's own name: `smi:v1alpha2:istio`. */
  readonly provider: string;
  /** Prefix of ingress-nginx's annotations. @default nginx.ingress.kubernetes.io */
  readonly ingressAnnotationsPrefix: string;
  /** Class of the HTTPProxies that are generated for Contour; '' for none. */
  readonly ingressClass: string;
}

export type RouterFactory = (context: RouterContext) => Router;

/**
 * Milliseconds until every proxy has heard of a change: ingress-nginx looks every 3.3 s, Traefik every 2 s, Contour holds
 * a route back for up to 0.5 s while it passes on at once which pods there are.
 */
export const SETTLE_MS = 5_000;

const pending = 'ROUTER_ROUTE_PENDING';

/** Thrown by a router whose objects are as they should be but not yet in force. */
export function routePending(
  message: string,
  path: string,
  remedy = 'see the status of the route and the logs of the gateway’s controller',
): PerchError {
  return new PerchError({
    code: pending,
    message,
    remedy: `${remedy}; nothing advances until then`,
    path,
  });
}

export function isRoutePending(error: unknown): boolean {
  return error instanceof PerchError && error.code === pending;
}
