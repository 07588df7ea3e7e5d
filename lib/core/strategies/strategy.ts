import type { StrategyName } from '../../api/defaults.js';
import type { Asking } from '../checks/ask.js';
import type { CheckFailure, Reason } from '../reason.js';
import type { Situation } from '../situation.js';
import type { StatusChange } from '../status.js';
import { stepAbTest } from './abTest.js';
import { stepBlueGreen } from './blueGreen.js';
import { stepCanary } from './canary.js';

/** A gate says not yet; `news`: this refusal is to be said, and alerted unless `muteAlert`. */
export interface Hold {
  readonly to: 'hold';
  readonly change: StatusChange;
  readonly reasons: readonly Reason[];
  readonly refusal: Reason;
  readonly news: boolean;
  readonly muteAlert: boolean;
}

/** What follows a check that passed. */
export type Step =
  /** More traffic, or one more iteration. */
  | { readonly to: 'advance'; readonly change: StatusChange; readonly reasons: readonly Reason[] }
  /** All is checked: the primary gets the new template. */
  | { readonly to: 'promote'; readonly reasons: readonly Reason[] }
  | Hold
  /** There is no way to go on. */
  | { readonly to: 'fail'; readonly failure: CheckFailure };

export type Strategy = (situation: Situation) => Asking<Step>;

export const strategies = {
  canary: stepCanary,
  'blue-green': stepBlueGreen,
  'ab-testing': stepAbTest,
} as const satisfies Record<StrategyName, Strategy>;
