import type { Canary } from '../api/canary.js';
import type { ProviderCapabilities } from '../api/providers.js';

/** Is a workload serving its newest template? */
export type Readiness =
  | { readonly ready: true }
  | {
      readonly ready: false;
      /** False when waiting longer cannot help (progress deadline exceeded). */
      readonly retriable: boolean;
      /** Flagger's text, e.g. `waiting for rollout to finish: 0 of 1 (readyThreshold 100%) updated replicas are available`. */
      readonly message: string;
      /** Epoch ms at which, with nothing else changing, `retriable` turns false. */
      readonly deadlineAt?: number;
    };

export interface TargetObservation {
  /** Hash of the template as it is now; see engine/targets/revision.ts. */
  readonly revision: string;
  /**
   * The primary has this very template, whatever its revision was called: a newer API server, say, has filled in more
   * of both. Looked at only where the revision is not the one that is promoted, or not the one that the primary was given.
   */
  readonly isInPrimary?: boolean;
  /** Checksums of tracked ConfigMaps and Secrets; undefined when tracking is off. */
  readonly trackedConfigs?: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  /** True when the workload asks for no pod. */
  readonly scaledToZero: boolean;
  /** Image of the first container, for alerts. */
  readonly image?: string;
}

export interface PrimaryObservation {
  /** Revision that perch last copied into the primary; undefined when perch did not make it (Flagger did). */
  readonly revision?: string;
  /** Checksums of the configs that were copied with it; undefined when none were, tracking being off. */
  readonly trackedConfigs?: Readonly<Record<string, string>>;
  readonly readiness: Readiness;
  /** Not one of its pods is available: whatever is sent there fails. Undefined where nobody can say. */
  readonly isOut?: boolean;
  readonly image?: string;
}

/** Everything a decision may depend on, as it stood at one moment. */
export interface Observation {
  /** Epoch ms. */
  readonly now: number;
  readonly canary: Canary;
  /** `spec.provider`, or the controller's `-mesh-provider`. */
  readonly provider: string;
  /** Why the target or what it refers to cannot be used, as Flagger says it; then `target` is undefined. */
  readonly targetError?: string;
  /** There is no such target. */
  readonly targetIsGone?: boolean;
  readonly target?: TargetObservation;
  /** Undefined when there is no primary yet. */
  readonly primary?: PrimaryObservation;
  /** Epoch ms before which a run takes no first step, because others take theirs. @default - `now` */
  readonly firstCheckAt?: number;
  /** What the chosen router can do. */
  readonly router: ProviderCapabilities;
}
