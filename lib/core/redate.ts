import type { Phase } from '../api/canary.js';
import type { Decision } from './decision.js';
import { writeStatus } from './effects.js';
import { awaitsPods } from './patience.js';
import type { Standing } from './situation.js';
import { changeStatus, preciseTimestamp, type StatusChange } from './status.js';

/** Times that a run counts from, beside its last transition, which every write brings up to date. */
const counted = ['lastCheckTime', 'noDataSince', 'notReadySince', 'undecidedSince'] as const;

const ending: readonly Phase[] = ['Terminating', 'Terminated'];

/**
 * Times that lie ahead become now, once: a clock that was set back, or that of the leader before, must not stop a run
 * until this one has caught up. Undefined where none does.
 */
export function redate(standing: Standing): Decision | undefined {
  const { status, phase, now } = standing;
  if (!awaitsPods(status) && !ending.includes(phase)) return undefined;
  const isAhead = (time: string | undefined) => Date.parse(time ?? '') > now;
  const { comparisons = [], lastTransitionTime } = status;
  const times = [...counted.map((field) => status[field]), ...comparisons.map(({ until }) => until)];
  if (![...times, lastTransitionTime].some(isAhead)) return undefined;
  const at = preciseTimestamp(now);
  const corrected = <T extends string | undefined>(time: T) => (isAhead(time) ? at : time);
  const change: StatusChange = {
    ...Object.fromEntries(counted.map((field) => [field, corrected(status[field])])),
    ...(status.comparisons && {
      comparisons: comparisons.map((record) => ({ ...record, until: corrected(record.until) })),
    }),
  };
  return { effects: [writeStatus(changeStatus(standing, change))], next: 'again' };
}
