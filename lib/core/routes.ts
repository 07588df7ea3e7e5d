import type { CanarySpec, CanaryStatus, Phase } from '../api/canary.js';
import type { Observation } from './observation.js';
import { clampPercent } from './weights.js';

/** Where requests go, percent; `primary + canary` is always 100. */
export interface DesiredRoutes {
  readonly primary: number;
  readonly canary: number;
  readonly mirrored: boolean;
}

/**
 * Phases in which the status's weight is what the canary gets; in all others the primary gets everything. Failed and
 * Waiting keep the weight of a failed promotion.
 */
const weighted: readonly Phase[] = ['Failed', 'Waiting', 'Progressing', 'WaitingPromotion', 'Promoting'];

/** Phases in which requests may be copied to a canary that gets none of its own. */
const mirroring: readonly Phase[] = ['Progressing', 'WaitingPromotion'];

/** Where traffic has to go, from the policy and the status alone: nothing is read back from the routing objects. */
export function desiredRoutes(
  spec: CanarySpec,
  status: CanaryStatus,
  router: Observation['router'],
): DesiredRoutes {
  const phase = status.phase ?? '';
  const canary = weighted.includes(phase) ? clampPercent(status.canaryWeight) : 0;
  const mirrored =
    canary === 0 &&
    (status.iterations ?? 0) > 0 &&
    spec.analysis.mirror === true &&
    router.mirror &&
    mirroring.includes(phase);
  return { primary: 100 - canary, canary, mirrored };
}
