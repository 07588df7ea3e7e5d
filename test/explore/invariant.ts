import type { Phase } from '../../lib/api/canary.js';
import type { Schedule } from './schedule.js';
import type { Stand, Trace } from './trace.js';

/** A sentence that is true of every trace. */
export interface Invariant {
  readonly sentence: string;
  /** What contradicts it; undefined when nothing does. */
  readonly contradiction: (trace: Trace, schedule: Schedule) => string | undefined;
}

export const phaseOf = ({ status }: Stand): Phase => status.phase ?? '';

export const weightOf = ({ status }: Stand): number => status.canaryWeight ?? 0;

export const timeOf = (at: number): string => new Date(at).toISOString();

/** Order of the moment from which on the primary serves. */
export function firstInitialized(trace: Trace): number {
  return trace.stands.find((stand) => phaseOf(stand) === 'Initialized')?.order ?? Number.POSITIVE_INFINITY;
}

/** Stretches in which each moment is off, with how long the whole stretch lasts: for ever, where nothing follows. */
export function stretches<T extends { readonly at: number }>(
  moments: readonly T[],
  isOff: (moment: T) => boolean,
): { readonly first: T; readonly ms: number }[] {
  return moments.flatMap((first, index) => {
    if (!isOff(first) || (index > 0 && isOff(moments[index - 1]!))) return [];
    const end = moments.slice(index).find((later) => !isOff(later));
    return [{ first, ms: (end?.at ?? Number.POSITIVE_INFINITY) - first.at }];
  });
}
