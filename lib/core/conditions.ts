import type { CanaryCondition, Phase } from '../api/canary.js';

/** What the condition `Promoted` says about a phase; texts are Flagger's. */
function verdict(phase: Phase, kind: string): { status: string; message: string } {
  const initializing = { status: 'Unknown', message: `New ${kind} detected, starting initialization.` };
  const approval = { status: 'Unknown', message: 'Waiting for approval.' };
  const verdicts: Partial<Record<Phase, { status: string; message: string }>> = {
    Initialized: { status: 'True', message: `${kind} initialization completed.` },
    Waiting: approval,
    WaitingPromotion: approval,
    Progressing: {
      status: 'Unknown',
      message: 'New revision detected, progressing canary analysis.',
    },
    Promoting: {
      status: 'Unknown',
      message: 'Canary analysis completed, starting primary rolling update.',
    },
    Finalising: {
      status: 'Unknown',
      message: 'Canary analysis completed, routing all traffic to primary.',
    },
    Succeeded: {
      status: 'True',
      message: 'Canary analysis completed successfully, promotion finished.',
    },
    Failed: { status: 'False', message: `Canary analysis failed, ${kind} scaled to zero.` },
  };
  return verdicts[phase] ?? initializing;
}

/**
 * The conditions of a canary in `phase`: exactly one, `Promoted`, rewritten only when its status or reason changes;
 * `at` is RFC 3339 with seconds.
 */
export function conditionsOf(
  phase: Phase,
  kind: string,
  previous: readonly CanaryCondition[] | undefined,
  at: string,
): CanaryCondition[] {
  const { status, message } = verdict(phase, kind);
  const before = previous?.find((condition) => condition.type === 'Promoted');
  if (before && before.status === status && before.reason === phase) return [before];
  const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? at) : at;
  return [{ type: 'Promoted', status, reason: phase, message, lastUpdateTime: at, lastTransitionTime }];
}
