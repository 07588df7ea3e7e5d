import type { CanaryMetric, Phase, Webhook } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import type { Answer, CountsAnswer, HookAnswer, MetricAnswer, OnlineAnswer, Question } from '../decision.js';

/** A part of a decision: asks what it must know, returns what it found. */
export type Asking<T> = Generator<Question, T, Answer>;

export function* askHook(webhook: Webhook, phase: Phase): Asking<HookAnswer> {
  return yesOrNo(yield { type: 'hook', webhook, phase }, 'hook');
}

export function* askOnline(): Asking<OnlineAnswer> {
  return yesOrNo(yield { type: 'metricsOnline' }, 'metricsOnline');
}

export function* askMetric(
  metric: CanaryMetric,
  source: 'builtin' | 'inline' | 'template',
): Asking<MetricAnswer> {
  const answer = yield { type: 'metric', metric, source };
  if ('kind' in answer && answer.kind !== 'counts') return answer;
  throw mismatch('metric', answer);
}

export function* askCounts(
  question: Omit<Extract<Question, { type: 'counts' }>, 'type'>,
): Asking<CountsAnswer> {
  const answer = yield { type: 'counts', ...question };
  if ('kind' in answer && answer.kind !== 'value') return answer;
  throw mismatch('counts', answer);
}

function yesOrNo(answer: Answer, question: string): HookAnswer {
  if ('ok' in answer) return answer;
  throw mismatch(question, answer);
}

function mismatch(question: string, answer: Answer): PerchError {
  return new PerchError({
    code: 'CORE_ANSWER_MISMATCH',
    message: `expected the answer to a question of type ${question}, was given one with ${Object.keys(answer).join(', ')}`,
    remedy: 'answer each question that decide() yields before asking for the next one',
  });
}
