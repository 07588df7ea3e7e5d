import type { Canary } from '../api/canary.js';
import { revisionPrefix } from '../api/revision.js';

/** What became of a revision; `pending` while nobody can say. */
export type Verdict = 'pending' | 'succeeded' | 'failed';

/**
 * What a canary's status says about a revision. Without one (a target whose revisions cannot be compared, or a status
 * that Flagger wrote) its phase alone counts.
 */
export function judge({ status = {} }: Canary, revision: string | undefined): Verdict {
  const { phase = '', lastAppliedSpec = '', lastPromotedSpec = '' } = status;
  const good = phase === 'Initialized' || phase === 'Succeeded';
  if (!good && phase !== 'Failed') return 'pending';
  if (revision === undefined || !lastAppliedSpec.startsWith(revisionPrefix))
    return good ? 'succeeded' : 'failed';
  // Whoever goes back to what is promoted has it at once.
  if (lastPromotedSpec === revision || (good && lastAppliedSpec === revision)) return 'succeeded';
  return phase === 'Failed' && lastAppliedSpec === revision ? 'failed' : 'pending';
}

/** In a few words: `Progressing, 15 percent`. */
export function stateOf({ status = {} }: Canary): string {
  const { phase = '', canaryWeight = 0, iterations = 0 } = status;
  if (phase === '') return 'no controller has looked at it yet';
  if (phase !== 'Progressing') return phase;
  return canaryWeight > 0 || iterations === 0
    ? `${phase}, ${canaryWeight} percent`
    : `${phase}, iteration ${iterations}`;
}
