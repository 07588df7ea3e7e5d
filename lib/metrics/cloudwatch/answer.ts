import type { Measurement } from '../../ports/metrics.js';
import { type Answer, element, field } from '../answer.js';

/** The first value of the first result of GetMetricData's answer. */
export function readAnswer(answer: Answer): Measurement {
  const results = field(answer.requireStatus().json(), 'MetricDataResults');
  if (!Array.isArray(results)) throw answer.unreadable('expected MetricDataResults');
  const value = element(field(results[0], 'Values'), 0);
  if (value === undefined || value === null) return answer.noValues();
  // What JSON has no number for is written as a text.
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number') throw answer.unreadable('expected Values that are numbers');
  return Number.isNaN(number) ? answer.noValues() : { kind: 'value', value: number };
}
