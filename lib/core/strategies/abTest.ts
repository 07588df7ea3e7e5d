import type { Asking } from '../checks/ask.js';
import type { Situation } from '../situation.js';
import { confirmPromotion } from './gates.js';
import type { Step } from './strategy.js';

/** All requests that match go to the canary for a number of checks, then promotion. */
export function* stepAbTest(situation: Situation): Asking<Step> {
  const total = situation.spec.analysis.iterations ?? 0;
  const done = situation.status.iterations ?? 0;
  if (done < total) {
    return {
      to: 'advance',
      change: { canaryWeight: 100, iterations: done + 1 },
      reasons: [{ code: 'iterationAdvanced', iteration: done + 1, of: total }],
    };
  }
  const { passed: reasons, hold } = yield* confirmPromotion(situation);
  return hold ?? { to: 'promote', reasons };
}
