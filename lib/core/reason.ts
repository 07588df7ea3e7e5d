/** A measured value and the bound it broke. */
export interface Breach {
  readonly value: number;
  /** Is the value below its least or above its greatest allowed value? */
  readonly side: 'below' | 'above';
  readonly bound: number;
}

/** What a metric's values are: a share of requests, whole milliseconds, or whatever its query says. */
export type MetricUnit = 'percent' | 'ms' | 'number';

/** Hooks that can hold a run back until somebody approves. */
export type GateType = 'confirm-rollout' | 'confirm-traffic-increase' | 'confirm-promotion';

/** Why a metric did not pass. */
export type MetricFailure =
  | {
      readonly code: 'metricBreached';
      readonly metric: string;
      readonly unit: MetricUnit;
      readonly breach: Breach;
    }
  | {
      readonly code: 'metricNoData';
      readonly metric: string;
      readonly source: 'builtin' | 'inline' | 'template';
      readonly provider: string;
      readonly detail: string;
      readonly diagnosis?: string;
    }
  /** `text` is the whole event, made by whoever asked the provider. */
  | {
      readonly code: 'metricError';
      readonly metric: string;
      readonly text: string;
      readonly unreachable: boolean;
    }
  /** Neither built in, nor a query, nor a template. */
  | { readonly code: 'metricUnusable'; readonly metric: string };

/** A metric that says nothing about the version: it has no values, or nobody answers for it. */
export type MetricSilence = Extract<MetricFailure, { code: 'metricNoData' | 'metricError' }>;

/** Why a check failed; each counts towards the threshold. */
export type CheckFailure =
  | { readonly code: 'preRolloutFailed'; readonly hook: string; readonly error: string }
  | { readonly code: 'rolloutHookFailed'; readonly hook: string; readonly error: string }
  /** The policy names no weight above the present one. */
  | { readonly code: 'noStep'; readonly weight: number }
  | MetricFailure;

/** Requests, and those among them that were bad. */
export interface Tally {
  readonly requests: number;
  readonly bad: number;
}

/** What a metric's comparison has counted since the canary got its first traffic. */
export interface ComparedTallies {
  readonly metric: string;
  readonly canary: Tally;
  readonly primary: Tally;
  /** Of a duration: bad is what took longer. */
  readonly boundaryMs?: number;
}

/** Why a run was rolled back. */
export type RollbackCause =
  | { readonly code: 'thresholdReached'; readonly failedChecks: number }
  | { readonly code: 'rollbackByHook'; readonly hook: string }
  | { readonly code: 'deadlineExceeded'; readonly message: string }
  /** A comparison has found the canary worse than the primary over the same time. */
  | ({
      readonly code: 'worseThanPrimary';
      readonly tolerance: number;
      readonly falsePositiveRate: number;
    } & ComparedTallies)
  /** A comparison with `onUndecided: wait` had not been decided by the progress deadline, in seconds. */
  | { readonly code: 'undecidedDeadline'; readonly metric: string; readonly seconds: number }
  /** A metric with `onNoData: wait` had no values for the progress deadline, in seconds. */
  | { readonly code: 'noDataDeadline'; readonly seconds: number; readonly silence: MetricSilence }
  /** The primary does not become ready with the promoted template. */
  | { readonly code: 'promotionFailed'; readonly message: string }
  /** The target cannot be used any more. */
  | { readonly code: 'targetLost'; readonly message: string }
  /** Somebody asked for it. */
  | { readonly code: 'aborted'; readonly by: string; readonly why?: string }
  /** The controller stopped while it was rolling back; `why` is the cause as the history has it. */
  | { readonly code: 'rollbackResumed'; readonly why?: string };

/**
 * Why something was decided, with what was compared. Events, logs and alerts are printed from it (text.ts), so
 * they never disagree. `kind` is the target's kind; a `message` of readiness is Flagger's whole sentence.
 */
export type Reason =
  | { readonly code: 'targetError'; readonly message: string }
  | { readonly code: 'suspended' }
  /** What somebody asked for at run time; `by` is what they call themselves. */
  | { readonly code: 'controlAccepted'; readonly verb: string; readonly by: string; readonly why?: string }
  | { readonly code: 'controlRefused'; readonly verb: string; readonly by: string; readonly problem: string }
  | { readonly code: 'metricsOnline' }
  | { readonly code: 'metricsOffline'; readonly error: string }
  | { readonly code: 'initialized'; readonly kind: string }
  | { readonly code: 'primaryNotReady'; readonly message: string }
  | { readonly code: 'canaryNotReady'; readonly message: string }
  | { readonly code: 'newRevision' }
  | { readonly code: 'restarted' }
  | { readonly code: 'analysisStarted' }
  | { readonly code: 'gatePassed'; readonly gate: GateType; readonly hook: string }
  | { readonly code: 'gateRefused'; readonly gate: GateType; readonly hook: string }
  | { readonly code: 'preRolloutPassed'; readonly hook: string }
  | { readonly code: 'rollbackNotSignaled'; readonly hook: string }
  | { readonly code: 'rollbackHookPassed'; readonly hook: string }
  | CheckFailure
  /** The run waits for values; `until` is RFC 3339. */
  | { readonly code: 'dataAwaited'; readonly silence: MetricSilence; readonly until: string }
  | { readonly code: 'noDataPassed'; readonly silence: MetricSilence }
  /** What a comparison says before the promotion. */
  | ({ readonly code: 'comparedWithPrimary'; readonly verdict: string } & ComparedTallies)
  /** The promotion waits for a comparison; `until` is RFC 3339. */
  | { readonly code: 'verdictAwaited'; readonly metric: string; readonly until: string }
  | { readonly code: 'abTestUnsupported'; readonly provider: string }
  | { readonly code: 'weightsUnsupported'; readonly provider: string }
  | { readonly code: 'iterationsAssumed'; readonly iterations: number }
  | { readonly code: 'weightAdvanced'; readonly weight: number }
  | { readonly code: 'iterationAdvanced'; readonly iteration: number; readonly of: number }
  | { readonly code: 'allToCanary'; readonly mirrored: boolean }
  | { readonly code: 'copying' }
  | { readonly code: 'primaryWeightAdvanced'; readonly weight: number }
  | { readonly code: 'allToPrimary' }
  | { readonly code: 'promoted'; readonly skipped: boolean }
  | RollbackCause
  /** The target is being scaled down after a rollback. */
  | { readonly code: 'canaryFailed' }
  /** The Canary was deleted: what was there before it is put back, or has been. */
  | { readonly code: 'terminating' }
  /** The target that shall get the traffic back has not been ready for the progress deadline. */
  | { readonly code: 'terminationHeld'; readonly message: string }
  | { readonly code: 'terminated' };
