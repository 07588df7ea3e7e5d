import type { Canary, Phase, Webhook } from '../api/canary.js';
import type { Answer, HookAnswer, Question } from '../core/decision.js';
import { callHook, type HookPorts } from './hooks/call.js';
import { hookPayload } from './hooks/payload.js';
import { measureCounts } from './measure/counts.js';
import { type MeasureContext, type MetricQuestion, measure, metricsOnline } from './measure/measure.js';
import type { Telemetry } from './telemetry.js';

/** Finds out what a decision wants to know. */
export interface Ask {
  answer(canary: Canary, question: Question): Promise<Answer>;
  hook(canary: Canary, webhook: Webhook, phase: Phase): Promise<HookAnswer>;
}

export function createAsk(ports: HookPorts, context: MeasureContext, telemetry: Telemetry): Ask {
  const hook = (canary: Canary, webhook: Webhook, phase: Phase): Promise<HookAnswer> =>
    callHook(ports, webhook, hookPayload(canary, phase, webhook.metadata ?? {}));
  const metric = async (canary: Canary, question: MetricQuestion): Promise<Answer> => {
    const measured = await measure(context, canary, question);
    if (measured.kind === 'value') {
      const { name } = question.metric;
      const inSeconds = name === 'request-duration' && question.source === 'builtin';
      telemetry.measured(canary, name, inSeconds ? measured.value / 1000 : measured.value);
    }
    return measured;
  };
  return {
    hook,
    answer(canary, question) {
      if (question.type === 'hook') return hook(canary, question.webhook, question.phase);
      if (question.type === 'metric') return metric(canary, question);
      if (question.type === 'counts') return measureCounts(context, canary, question);
      return metricsOnline(context, canary);
    },
  };
}
