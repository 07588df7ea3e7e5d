import type { Canary } from '../../api/canary.js';
import type { Kind } from '../../api/kinds.js';
import type { PrimaryObservation, TargetObservation } from '../../core/observation.js';
import type { Objects } from '../../ports/objects.js';
import type { Checksums, ConfigTracker } from './configs/tracker.js';

/** What is known of the workload of a canary and of its primary, from the caches. */
export interface TargetView {
  readonly target?: TargetObservation;
  /** Why there is no `target`, as Flagger says it. */
  readonly targetError?: string;
  readonly targetIsGone?: boolean;
  readonly primary?: PrimaryObservation;
}

/**
 * A kind of workload that can be released. Reads cost nothing; each write is made only when something differs, and
 * the answer says whether something did.
 */
export interface Target {
  /** Of the workload. */
  readonly kind: Kind;
  /** Kinds that must be watched for a canary. */
  watches(canary: Canary): readonly Kind[];
  /** From the caches; only a ConfigMap or Secret that changed costs a request. */
  observe(canary: Canary, now: number): Promise<TargetView>;
  /** The Services of primary and canary, the primary workload and its scaler exist; a primary is never changed. */
  ensurePrimary(canary: Canary): Promise<boolean>;
  /** The apex Service selects the primary's pods. */
  ensureApex(canary: Canary): Promise<boolean>;
  /**
   * The primary runs the target's template and its scaler has the target's settings; 'moved' when the target is no
   * longer at `revision` or its configs are not `configs`, and nothing was written.
   */
  promote(canary: Canary, revision: string, configs?: Checksums): Promise<boolean | 'moved'>;
  scale(canary: Canary, to: 'zero' | 'up'): Promise<boolean>;
  /** The target is awake and has as many pods as the primary; one that is not there is left alone. */
  revert(canary: Canary): Promise<boolean>;
  /** The apex Service selects the target's pods and no longer belongs to the Canary. */
  releaseApex(canary: Canary): Promise<boolean>;
}

export interface TargetContext {
  readonly objects: Objects;
  readonly configs: ConfigTracker;
  /** Labels that may tell a workload's pods, in order of preference. */
  readonly selectorLabels: readonly string[];
  /** Prefixes of labels copied to primaries; `*` is all. */
  readonly includeLabelPrefixes: readonly string[];
  /** A fresh UUID. */
  readonly uuid: () => string;
}

export type TargetFactory = (context: TargetContext) => Target;
