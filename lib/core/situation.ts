import type { Canary, CanarySpec, CanaryStatus, Phase } from '../api/canary.js';
import { analysisIntervalMs, effectiveThreshold, type StrategyName, strategyOf } from '../api/defaults.js';
import type { Observation, PrimaryObservation, TargetObservation } from './observation.js';

/** The two workloads of a release. */
export type WorkloadName = 'primary' | 'canary';

/** An observation with the policy's effective values, whether or not there is a target to release. */
export interface Standing {
  /** Epoch ms. */
  readonly now: number;
  /** Epoch ms of the first check of a run that has had none; see Observation. */
  readonly firstCheckAt: number;
  readonly canary: Canary;
  readonly spec: CanarySpec;
  readonly status: CanaryStatus;
  readonly phase: Phase;
  readonly provider: string;
  readonly router: Observation['router'];
  readonly target: TargetObservation | undefined;
  readonly primary: PrimaryObservation | undefined;
  readonly intervalMs: number;
  /** Failed checks that roll back; at least 1. */
  readonly threshold: number;
  /** What the router can carry out of what the policy asks for. */
  readonly strategy: StrategyName;
}

/** What every phase decides on. */
export interface Situation extends Standing {
  readonly target: TargetObservation;
}

export function standingOf(observation: Observation): Standing {
  const { canary, now, firstCheckAt = now, provider, router, target, primary } = observation;
  const { spec } = canary;
  const strategy = feasibleStrategy(spec, router);
  const status = withoutMatches(canary.status ?? {}, strategy);
  return {
    now,
    firstCheckAt,
    canary,
    spec,
    status,
    phase: status.phase ?? '',
    provider,
    router,
    target,
    primary,
    intervalMs: analysisIntervalMs(spec),
    threshold: effectiveThreshold(spec.analysis),
    strategy,
  };
}

/** A router without shares of traffic can only count iterations; one without matches cannot do an A/B test. */
function feasibleStrategy(spec: CanarySpec, router: Observation['router']): StrategyName {
  const asked = strategyOf(spec);
  if (!router.weights) return 'blue-green';
  return asked === 'ab-testing' && !router.abTest ? 'blue-green' : asked;
}

/**
 * Once a run is no longer an A/B test, what those who matched were sent is no share of everybody's requests: it has
 * taken no step yet.
 */
function withoutMatches(status: CanaryStatus, strategy: StrategyName): CanaryStatus {
  if (!status.matched || strategy === 'ab-testing') return status;
  const { matched: _, comparisons: __, ...rest } = status;
  return { ...rest, canaryWeight: 0, iterations: 0 };
}

/** Has the analysis of this run taken a step yet? */
export function hasBegun(status: CanaryStatus): boolean {
  return (status.canaryWeight ?? 0) > 0 || (status.iterations ?? 0) > 0;
}

/** Can every request be sent to the canary? An A/B test only ever moves those that match. */
export function canTakeAll(standing: Standing): boolean {
  return standing.router.weights && standing.strategy !== 'ab-testing';
}

/** Has the traffic been moved to the primary? (A failed initialisation has promoted nothing.) */
export function isInitialized({ phase, status }: Standing): boolean {
  if (phase === '' || phase === 'Initializing') return false;
  return phase !== 'Failed' || (status.lastPromotedSpec ?? '') !== '';
}
