import type { Phase, Webhook } from '../../api/canary.js';
import { webhookType } from '../../api/defaults.js';
import type { GateType, Reason } from '../reason.js';
import type { Standing } from '../situation.js';
import { type Asking, askHook } from './ask.js';

/** What the hooks of one type answered; the first refusal ends them. */
export interface Round {
  readonly passed: readonly Webhook[];
  readonly refused?: { readonly webhook: Webhook; readonly error: string };
}

/** Asks the hooks of a type one after another, as they are listed. */
export function* askHooks(
  { spec }: Standing,
  type: ReturnType<typeof webhookType>,
  phase: Phase,
): Asking<Round> {
  const passed: Webhook[] = [];
  for (const webhook of spec.analysis.webhooks ?? []) {
    if (webhookType(webhook) !== type) continue;
    const answer = yield* askHook(webhook, phase);
    if (!answer.ok) return { passed, refused: { webhook, error: answer.error } };
    passed.push(webhook);
  }
  return { passed };
}

/** What a gate said: `refusal` with the hook that keeps the run waiting. */
export interface GateAnswer {
  readonly passed: readonly Reason[];
  readonly refusal?: { readonly reason: Reason; readonly muteAlert: boolean };
}

/** Asks the hooks that can hold a run back. */
export function* askGate(standing: Standing, gate: GateType, phase: Phase): Asking<GateAnswer> {
  const { passed, refused } = yield* askHooks(standing, gate, phase);
  const reasons = passed.map((webhook): Reason => ({ code: 'gatePassed', gate, hook: webhook.name }));
  if (!refused) return { passed: reasons };
  const { name, muteAlert = false } = refused.webhook;
  return { passed: reasons, refusal: { reason: { code: 'gateRefused', gate, hook: name }, muteAlert } };
}

/** Asks the hooks of type rollback: the first that answers yes wants the run rolled back. */
export function* askRollback(standing: Standing): Asking<{ reasons: readonly Reason[]; hook?: string }> {
  const reasons: Reason[] = [];
  for (const webhook of standing.spec.analysis.webhooks ?? []) {
    if (webhookType(webhook) !== 'rollback') continue;
    const answer = yield* askHook(webhook, standing.phase);
    if (answer.ok) {
      return {
        reasons: [...reasons, { code: 'rollbackHookPassed', hook: webhook.name }],
        hook: webhook.name,
      };
    }
    reasons.push({ code: 'rollbackNotSignaled', hook: webhook.name });
  }
  return { reasons };
}
