import type { Canary } from '../api/canary.js';
import type { Kind } from '../api/kinds.js';
import type { Objects } from './objects.js';

/** Where requests go, in percent; `primary + canary` is 100. */
export interface Routes {
  readonly primary: number;
  readonly canary: number;
  /** Copies of the primary's requests also go to the canary. */
  readonly mirrored: boolean;
}

export interface RouterCapabilities {
  /** Shares of traffic between 0 and 100 % (false: only 0 or 100). */
  readonly weights: boolean;
  /** Requests chosen by header or cookie. */
  readonly abTest: boolean;
  readonly mirror: boolean;
}

export interface RouterSync {
  /** What the routing objects said before; undefined when they did not exist or did not say. */
  readonly found: Routes | undefined;
  /** True when something was written. */
  readonly changed: boolean;
}

/** Sends a canary's traffic. One folder below `routers/` a variant. */
export interface Router {
  readonly capabilities: RouterCapabilities;
  /** Kinds the engine watches and caches for this router. */
  readonly watches: readonly Kind[];
  /**
   * Makes the routing objects exist and send traffic as `desired` says. Idempotent: writes nothing when they
   * already do. Throws a PerchError when the canary's own objects do not allow it (a missing Ingress, say).
   */
  sync(canary: Canary, desired: Routes): Promise<RouterSync>;
  /** Puts back what was there before perch (revertOnDeletion). */
  finalize(canary: Canary): Promise<void>;
}

export interface RouterContext {
  readonly objects: Objects;
  /** Prefix of ingress-nginx's annotations. @default nginx.ingress.kubernetes.io */
  readonly ingressAnnotationsPrefix: string;
}

export type RouterFactory = (context: RouterContext) => Router;
