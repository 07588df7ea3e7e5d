import { effectiveMaxWeight } from '../../api/defaults.js';
import type { Asking } from '../checks/ask.js';
import type { Reason } from '../reason.js';
import type { Situation } from '../situation.js';
import { clampPercent, nextWeight } from '../weights.js';
import { confirmPromotion, confirmTrafficIncrease, type Passage } from './gates.js';
import type { Step } from './strategy.js';

/**
 * Traffic in rising shares up to maxWeight, then promotion. With mirroring the first step copies requests and moves
 * none; `status.iterations` is 1 as long as that lasts.
 */
export function* stepCanary(situation: Situation): Asking<Step> {
  const weight = clampPercent(situation.status.canaryWeight);
  const gated = situation.phase !== 'WaitingPromotion' && !isMirroring(situation, weight);
  const increase: Passage = gated ? yield* confirmTrafficIncrease(situation) : { passed: [] };
  if (increase.hold) return increase.hold;
  if (weight < effectiveMaxWeight(situation.spec.analysis)) {
    return advance(situation, weight, increase.passed);
  }
  const promotion = yield* confirmPromotion(situation);
  const reasons = [...increase.passed, ...promotion.passed];
  return promotion.hold ? { ...promotion.hold, reasons } : { to: 'promote', reasons };
}

function isMirroring({ spec, status, router }: Situation, weight: number): boolean {
  return spec.analysis.mirror === true && router.mirror && weight === 0 && (status.iterations ?? 0) > 0;
}

function advance(situation: Situation, weight: number, before: readonly Reason[]): Step {
  const { spec, router, status } = situation;
  if (spec.analysis.mirror && router.mirror && weight === 0 && (status.iterations ?? 0) === 0) {
    return {
      to: 'advance',
      change: { iterations: 1 },
      reasons: [...before, { code: 'weightAdvanced', weight: 0 }],
    };
  }
  const next = nextWeight(spec.analysis, weight);
  if (next === undefined) return { to: 'fail', failure: { code: 'noStep', weight } };
  return {
    to: 'advance',
    change: { canaryWeight: next, iterations: 0 },
    reasons: [...before, { code: 'weightAdvanced', weight: next }],
  };
}
