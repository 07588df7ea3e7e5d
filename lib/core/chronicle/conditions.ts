import type { CanaryCondition, CanaryStatus, Phase } from '../../api/canary.js';
import type { Observation } from '../observation.js';
import { haveConfigsMovedOn } from '../revision.js';
import { timestamp } from '../status.js';

type Verdict = Pick<CanaryCondition, 'reason'> & {
  readonly state: 'ready' | 'under way' | 'stalled';
  message: string;
};

const settled: readonly Phase[] = ['Initialized', 'Succeeded', 'Failed'];

/**
 * Flagger's condition, and those by which kubectl, Argo CD, Flux and Pulumi wait (kstatus): Ready, and, only while
 * they are true, Reconciling and Stalled. Ready is about what the Canary and its target ask for now, not about the
 * release before it.
 */
export function withStandardConditions(observation: Observation, after: CanaryStatus): CanaryCondition[] {
  const at = timestamp(observation.now);
  const before = observation.canary.status?.conditions ?? [];
  const promoted = (after.conditions ?? []).filter(({ type }) => type === 'Promoted');
  const { state, reason, message } = judge(observation, after, promoted[0]);
  const condition = (type: string, status: string): CanaryCondition => {
    const last = before.find((candidate) => candidate.type === type);
    const { generation } = observation.canary.metadata;
    const fresh = { type, status, reason, message };
    const about = generation === undefined ? {} : { observedGeneration: generation };
    const since = (last?.status === status && last.lastTransitionTime) || at;
    return { ...fresh, lastTransitionTime: since, ...about };
  };
  const ready = { ready: 'True', 'under way': 'Unknown', stalled: 'False' }[state];
  return [
    ...promoted,
    condition('Ready', ready),
    ...(state === 'under way' ? [condition('Reconciling', 'True')] : []),
    ...(state === 'stalled' ? [condition('Stalled', 'True')] : []),
  ];
}

function judge(
  { canary, target, primary, targetError }: Observation,
  after: CanaryStatus,
  promoted: CanaryCondition | undefined,
): Verdict {
  const { phase = '', paused, history, lastAppliedSpec, lastPromotedSpec } = after;
  const words = { reason: phase || 'Initializing', message: promoted?.message ?? '' };
  if (paused) {
    const by = paused.by ? ` by ${paused.by}` : '';
    const why = paused.reason ? `: ${paused.reason}` : '';
    return { state: 'under way', reason: 'Paused', message: `Paused${by}${why}` };
  }
  if (!settled.includes(phase)) return { state: 'under way', ...words };
  if (!target) return { state: 'under way', reason: 'TargetError', message: targetError ?? '' };
  if (phase === 'Failed' && lastAppliedSpec === undefined) {
    return {
      state: 'under way',
      reason: 'Retrying',
      message: `Revision ${target.revision} is released again`,
    };
  }
  const wanted =
    target.revision === lastPromotedSpec && !haveConfigsMovedOn({ primary, status: after, target });
  if (phase === 'Failed' && !(wanted && lastAppliedSpec === lastPromotedSpec)) {
    return { state: 'stalled', reason: phase, message: history?.at(-1)?.cause ?? words.message };
  }
  if (wanted) return { state: 'ready', ...words };
  const reason = canary.spec.suspend ? 'Suspended' : 'NewRevision';
  return { state: 'under way', reason, message: `Revision ${target.revision} is not released yet` };
}
