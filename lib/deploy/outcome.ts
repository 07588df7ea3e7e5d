import type { Canary, CanaryCondition } from '../api/canary.js';
import { revisionPrefix } from '../api/revision.js';

/** What became of a revision; `pending` while nobody can say. */
export type Verdict = 'pending' | 'succeeded' | 'failed';

/**
 * What a canary's status says about a revision; without one, about what its target is now. A status that Flagger wrote
 * names no revision of ours: of it the phase alone counts.
 */
export function judge(canary: Canary, revision?: string): Verdict {
  if (isUnseen(canary)) return 'pending';
  const { status = {} } = canary;
  const { phase = '', lastAppliedSpec = '', lastPromotedSpec = '' } = status;
  if (revision === undefined) return standing(canary) ?? fromPhase(phase);
  const verdict = fromPhase(phase);
  // A failed revision that is released again is nobody's until the controller has begun.
  if (verdict === 'failed' && lastAppliedSpec === '') return 'pending';
  if (verdict === 'pending' || !lastAppliedSpec.startsWith(revisionPrefix)) return verdict;
  // Whoever goes back to what is promoted has it at once; changed configs of it may have failed.
  if (lastPromotedSpec === revision) {
    return lastAppliedSpec === revision && standing(canary) === 'failed' ? 'failed' : 'succeeded';
  }
  return lastAppliedSpec === revision ? verdict : 'pending';
}

/** What the controller says of it in a sentence, e.g. how a release ended. */
export function messageOf(canary: Canary): string {
  const said = conditionOf(canary, 'Stalled') ?? conditionOf(canary, 'Ready');
  return said?.message || stateOf(canary);
}

/** In a few words: `Progressing, 15 percent`. */
export function stateOf(canary: Canary): string {
  const { phase = '', canaryWeight = 0, iterations = 0 } = canary.status ?? {};
  if (phase === '') return 'no controller has looked at it yet';
  if (isUnseen(canary)) return `${phase}, its changed specification is not looked at yet`;
  if (phase !== 'Progressing') return phase;
  return canaryWeight > 0 || iterations === 0
    ? `${phase}, ${canaryWeight} percent`
    : `${phase}, iteration ${iterations}`;
}

/** The Canary was changed, and the controller's last word is about what it was before. */
function isUnseen({ metadata, status = {} }: Canary): boolean {
  const { generation } = metadata;
  const { observedGeneration = generation } = status;
  return observedGeneration !== generation;
}

/** By the rules of kstatus; undefined for a status that has no such conditions. */
function standing(canary: Canary): Verdict | undefined {
  if (conditionOf(canary, 'Reconciling')) return 'pending';
  if (conditionOf(canary, 'Stalled')) return 'failed';
  return conditionOf(canary, 'Ready') && 'succeeded';
}

function fromPhase(phase: string): Verdict {
  if (phase === 'Initialized' || phase === 'Succeeded') return 'succeeded';
  return phase === 'Failed' ? 'failed' : 'pending';
}

function conditionOf({ status }: Canary, type: string): CanaryCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}
