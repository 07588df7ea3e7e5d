import type { Canary } from '../../../api/canary.js';
import type { Kind } from '../../../api/kinds.js';
import type { Objects } from '../../../ports/objects.js';

/** A kind of autoscaler of which the primary gets a copy. */
export interface Scaler {
  readonly kind: Kind;
  /** Throws a PerchError when the target's scaler is not there. */
  check(objects: Objects, canary: Canary): void;
  /** The primary's copy exists. */
  ensurePrimary(objects: Objects, canary: Canary, primary: string): Promise<boolean>;
  /** The primary's copy has the settings of the target's. */
  promote(objects: Objects, canary: Canary, primary: string): Promise<boolean>;
  /** Fewest replicas that the target's scaler wants; at least 1. */
  minReplicas(objects: Objects, canary: Canary): number;
  /** Keeps the target's scaler from waking a target that is asleep, or lets it scale again. */
  pause(objects: Objects, canary: Canary, paused: boolean): Promise<boolean>;
}
