import type { Asking } from '../checks/ask.js';
import { askGate } from '../checks/hooks.js';
import type { Reason } from '../reason.js';
import type { Situation } from '../situation.js';
import type { Hold } from './strategy.js';

/** What a gate before a step said: reasons to tell, and why the step must not be taken if so. */
export interface Passage {
  readonly passed: readonly Reason[];
  readonly hold?: Hold;
}

/** Asks whether promotion may go on; a refusal moves the run to WaitingPromotion, where it is said once. */
export function* confirmPromotion(situation: Situation): Asking<Passage> {
  const { passed, refusal } = yield* askGate(situation, 'confirm-promotion', 'Progressing');
  if (!refusal) return { passed };
  const news = situation.phase !== 'WaitingPromotion';
  const change = news ? ({ phase: 'WaitingPromotion' } as const) : {};
  return {
    passed,
    hold: {
      to: 'hold',
      change,
      reasons: passed,
      refusal: refusal.reason,
      news,
      muteAlert: refusal.muteAlert,
    },
  };
}

/** Asks whether the canary may get more traffic; a refusal is said each time, as by Flagger. */
export function* confirmTrafficIncrease(situation: Situation): Asking<Passage> {
  const { passed, refusal } = yield* askGate(situation, 'confirm-traffic-increase', 'Progressing');
  if (!refusal) return { passed };
  return {
    passed,
    hold: {
      to: 'hold',
      change: {},
      reasons: passed,
      refusal: refusal.reason,
      news: true,
      muteAlert: refusal.muteAlert,
    },
  };
}
