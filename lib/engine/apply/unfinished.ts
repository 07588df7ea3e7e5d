import type { Effect } from '../../core/decision.js';

/** What is left of a list of effects, of which one failed. */
interface Remainder {
  readonly effects: readonly Effect[];
  /** resourceVersion of the Canary, and revision of the target, for which they were decided. */
  readonly version: string | undefined;
  readonly revision: string | undefined;
}

/**
 * Lists that failed after their status was written, or after something was told. As long as nobody changed Canary or target, the next pass goes
 * on where the list stopped, so that what was decided is also said; deciding anew would do the rest but not tell
 * why. Kept in memory only: after a crash the status alone is enough to go on.
 */
export interface Unfinished {
  put(canary: string, remainder: Remainder): void;
  /** Takes out what is left for a canary, if it still applies. */
  take(canary: string, version: string | undefined, revision: string | undefined): Remainder | undefined;
  forget(canary: string): void;
}

export function createUnfinished(): Unfinished {
  const remainders = new Map<string, Remainder>();
  return {
    put: (canary, remainder) => {
      remainders.set(canary, remainder);
    },
    take(canary, version, revision) {
      const remainder = remainders.get(canary);
      remainders.delete(canary);
      return remainder?.version === version && remainder?.revision === revision ? remainder : undefined;
    },
    forget: (canary) => {
      remainders.delete(canary);
    },
  };
}
