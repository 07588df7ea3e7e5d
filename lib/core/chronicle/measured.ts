import type { CanaryMetric, Measurement } from '../../api/canary.js';
import { boundsOf } from '../checks/threshold.js';
import type { Answer, Deciding, Decision, Question } from '../decision.js';
import type { MetricUnit } from '../reason.js';

const digits = 6;

/** Forwards the questions of a decision, and writes down what its metrics answered. */
export function* overhear(deciding: Deciding, heard: Measurement[]): Deciding {
  let turn: IteratorResult<Question, Decision> = deciding.next();
  while (!turn.done) {
    const answer: Answer = yield turn.value;
    if (turn.value.type === 'metric') {
      heard.push(measurementOf(turn.value.metric, turn.value.source === 'builtin', answer));
    }
    turn = deciding.next(answer);
  }
  return turn.value;
}

function measurementOf(metric: CanaryMetric, builtin: boolean, answer: Answer): Measurement {
  const unit: MetricUnit = builtin && metric.name === 'request-success-rate' ? 'percent' : 'number';
  const { min, max } = boundsOf(metric, unit);
  const value = 'kind' in answer && answer.kind === 'value' ? answer.value : Number.NaN;
  return {
    metric: metric.name,
    ...(Number.isFinite(value) ? { value: Number(value.toPrecision(digits)) } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
