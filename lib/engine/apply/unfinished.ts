import type { Canary } from '../../api/canary.js';
import type { Effect } from '../../core/decision.js';
import { sameJson } from '../sameJson.js';
import type { Subject } from './performers.js';

/** What is left of a list of effects, of which one failed. */
interface Remainder {
  readonly effects: readonly Effect[];
  /** The Canary as it was last written, and what was told of it. */
  readonly subject: Subject;
  /** Of the target, for which the effects were decided. */
  readonly revision: string | undefined;
}

/**
 * Lists that failed after their status was written, or after something was told. As long as nobody changed Canary or
 * target, the next pass goes on where the list stopped, so that what was decided is also said; deciding anew would do
 * the rest but not tell why. What is left to do at the end of a run stays, whatever the target and the spec are by then:
 * deciding anew would tell the end again. Kept in memory only: after a crash the status alone is enough to go on.
 */
export interface Unfinished {
  put(key: string, remainder: Remainder): void;
  /** Takes out what is left for a canary, if it still applies. */
  take(key: string, canary: Canary, revision: string | undefined): Remainder | undefined;
  forget(key: string): void;
}

export function createUnfinished(): Unfinished {
  const remainders = new Map<string, Remainder>();
  return {
    put: (key, remainder) => {
      remainders.set(key, remainder);
    },
    take(key, canary, revision) {
      const remainder = remainders.get(key);
      remainders.delete(key);
      return remainder && applies(remainder, canary, revision) ? remainder : undefined;
    },
    forget: (key) => {
      remainders.delete(key);
    },
  };
}

function applies(
  { subject: { canary: left }, revision: decided }: Remainder,
  canary: Canary,
  revision: string | undefined,
): boolean {
  const { resourceVersion, deletionTimestamp } = canary.metadata;
  if (isEnding(canary)) return deletionTimestamp === undefined && sameJson(left.status, canary.status);
  return left.metadata.resourceVersion === resourceVersion && decided === revision;
}

/** Has its run ended, and is not everything done that follows? */
function isEnding({ status = {} }: Canary): boolean {
  return (status.phase === 'Succeeded' || status.phase === 'Failed') && status.lastCheckTime !== undefined;
}
