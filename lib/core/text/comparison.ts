import type { ComparedTallies, RollbackCause, Tally } from '../reason.js';
import { bound, duration } from './numbers.js';

type Worse = Extract<RollbackCause, { code: 'worseThanPrimary' }>;

export const verdictWords: Readonly<Record<string, string>> = {
  worse: 'worse',
  notWorse: 'not worse',
  undecided: 'undecided',
};

/** `4 of 102 requests failed (3.92%), of the primary's 1 of 918 (0.11%)`. */
export function talliesText({ metric, canary, primary, boundaryMs }: ComparedTallies): string {
  const what =
    boundaryMs === undefined
      ? metric === 'request-success-rate'
        ? 'failed'
        : 'were bad'
      : `took longer than ${duration(boundaryMs)}`;
  return `${count(canary)} requests ${what} (${percent(canary)}), of the primary's ${count(primary)} (${percent(primary)})`;
}

/** Why a canary is worse, and how sure that is. */
export function worseText(reason: Worse): string {
  const allowed =
    reason.tolerance === 1 ? '' : ` where ${bound(reason.tolerance)} times the share is tolerated`;
  const chance = `as good a version would be taken for worse in at most ${bound(reason.falsePositiveRate * 100)}% of releases`;
  return `${reason.metric} worse than the primary's over the same time: ${talliesText(reason)}${allowed}; ${chance}`;
}

function count({ requests, bad }: Tally): string {
  return `${Math.round(bad)} of ${Math.round(requests)}`;
}

function percent({ requests, bad }: Tally): string {
  return `${(requests > 0 ? (100 * bad) / requests : 0).toFixed(2)}%`;
}
