import { PerchError } from '../../api/errors.js';
import type { Measurement, Series } from '../../ports/metrics.js';
import { type Answer, element, field } from '../answer.js';

/** The value of an instant query's answer: the last series', as Flagger takes it. */
export function readAnswer(answer: Answer): Measurement {
  answer.requireStatus((status) => status < 400);
  const values = readSeries(answer).map((series) => readValue(series, answer));
  return measured(values.at(-1));
}

/** Every series of an instant query's answer. */
export function readAnswers(answer: Answer): Series[] {
  answer.requireStatus((status) => status < 400);
  return readSeries(answer).map((series) => ({
    labels: readLabels(field(series, 'metric')),
    measurement: measured(readValue(series, answer)),
  }));
}

function measured(value: number | undefined): Measurement {
  if (value === undefined || Number.isNaN(value)) return { kind: 'noData', detail: 'no values found' };
  return { kind: 'value', value };
}

/** Labels of a series. */
export function readLabels(metric: unknown): Record<string, string> {
  const pairs = Object.entries(typeof metric === 'object' && metric !== null ? metric : {});
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
}

/** The series of an answer, whatever they hold. */
export function readSeries(answer: Answer): readonly unknown[] {
  const data = field(answer.json(), 'data');
  const result = field(data, 'result');
  if (result === null) return [];
  const type = field(data, 'resultType');
  if (Array.isArray(result) && type !== 'scalar' && type !== 'string') return result;
  throw answer.unreadable(`expected a vector, given ${type === undefined ? 'no result' : `a ${type}`}`);
}

function readValue(series: unknown, answer: Answer): number {
  if (field(series, 'values') !== undefined) {
    throw new PerchError({
      code: 'METRIC_MULTIPLE_VALUES',
      message: 'query returned multiple values: expected one value a series, given a range of them',
      remedy:
        'wrap the range in a function that gives one value, such as rate(…[1m]) or avg_over_time(…[1m])',
      path: 'spec.query',
    });
  }
  return sampleValue(field(series, 'value'), answer);
}

/** The value of a pair such as `[1700000000, "0.5"]`. */
export function sampleValue(value: unknown, answer: Answer): number {
  const text = element(value, 1);
  const number = typeof text === 'string' ? parseNumber(text) : undefined;
  if (number !== undefined) return number;
  const given = answer.quote(JSON.stringify(value) ?? 'none');
  throw answer.unreadable(`expected a value such as [1700000000, "0.5"], given ${given}`);
}

/** A sample's value as Prometheus writes it. */
function parseNumber(text: string): number | undefined {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === 'NaN') return Number.NaN;
  return text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : undefined;
}
