import type { Asking } from '../checks/ask.js';
import type { Reason } from '../reason.js';
import { hasBegun, type Situation } from '../situation.js';
import { confirmPromotion } from './gates.js';
import type { Step } from './strategy.js';

/** Iterations of a policy by weights on a router that has none, as in Flagger. */
const assumedIterations = 10;

/**
 * A number of checks without traffic (or with copies of it), then, where the router can, all of it for one interval,
 * then promotion. A router without shares of traffic promotes right after the last check.
 */
export function* stepBlueGreen(situation: Situation): Asking<Step> {
  const { spec, status, router } = situation;
  const asked = spec.analysis.iterations ?? 0;
  const total = asked > 0 ? asked : assumedIterations;
  const done = status.iterations ?? 0;
  if (done < total) {
    return {
      to: 'advance',
      change: { iterations: done + 1 },
      reasons: [
        ...shortcomings(situation, asked),
        { code: 'iterationAdvanced', iteration: done + 1, of: total },
      ],
    };
  }
  const { passed: reasons, hold } = yield* confirmPromotion(situation);
  if (hold) return hold;
  if (!router.weights || done > total) return { to: 'promote', reasons };
  const mirrored = spec.analysis.mirror === true && router.mirror;
  return {
    to: 'advance',
    change: { canaryWeight: 100, iterations: done + 1 },
    reasons: [...reasons, { code: 'allToCanary', mirrored }],
  };
}

/** What the policy asks for and the router cannot do; said once, when the analysis starts. */
function shortcomings({ spec, status, router, provider }: Situation, asked: number): Reason[] {
  if (hasBegun(status)) return [];
  const reasons: Reason[] = [];
  const matches = (spec.analysis.match ?? []).length > 0;
  if (matches && !router.abTest) reasons.push({ code: 'abTestUnsupported', provider });
  if (asked <= 0) {
    reasons.push({ code: 'weightsUnsupported', provider });
    reasons.push({ code: 'iterationsAssumed', iterations: assumedIterations });
  }
  return reasons;
}
