import { PerchError } from '../../api/errors.js';
import type { HttpResponse } from '../../ports/http.js';
import type { Measurement } from '../../ports/metrics.js';
import { statusLine } from '../statusText.js';

/** Characters of an answer that a message quotes; an event holds 1024. */
const quoted = 600;

/** The value of an instant query's answer: the last series', as Flagger takes it. */
export function readAnswer({ status, body }: HttpResponse): Measurement {
  if (status >= 400) {
    throw new PerchError({
      code: 'METRIC_HTTP_STATUS',
      message: `error response: Status ${statusLine(status)}: ${quote(body)}`,
      remedy:
        'the answer says what the server did not accept: the query, the credentials or the path of the address',
    });
  }
  const values = readSeries(body).map(readValue);
  const value = values.at(-1);
  if (value === undefined || Number.isNaN(value)) return { kind: 'noData', detail: 'no values found' };
  return { kind: 'value', value };
}

function readSeries(body: string): readonly unknown[] {
  const data = field(parseJson(body), 'data');
  const result = field(data, 'result');
  if (result === null) return [];
  const type = field(data, 'resultType');
  if (Array.isArray(result) && type !== 'scalar' && type !== 'string') return result;
  throw unreadable(
    `expected a vector, given ${type === undefined ? 'no result' : `a ${type}`}: ${quote(body)}`,
  );
}

function readValue(series: unknown): number {
  if (field(series, 'values') !== undefined) {
    throw new PerchError({
      code: 'METRIC_MULTIPLE_VALUES',
      message: 'query returned multiple values: expected one value a series, given a range of them',
      remedy:
        'wrap the range in a function that gives one value, such as rate(…[1m]) or avg_over_time(…[1m])',
      path: 'spec.query',
    });
  }
  const value = field(series, 'value');
  const text = Array.isArray(value) ? value[1] : undefined;
  const number = typeof text === 'string' ? parseNumber(text) : undefined;
  if (number !== undefined) return number;
  throw unreadable(
    `expected a value such as [1700000000, "0.5"], given ${quote(JSON.stringify(value) ?? 'none')}`,
  );
}

/** A sample's value as Prometheus writes it. */
function parseNumber(text: string): number | undefined {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === 'NaN') return Number.NaN;
  return text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unreadable(`expected JSON, given: ${quote(body)}`, cause);
  }
}

function unreadable(what: string, cause?: unknown): PerchError {
  return new PerchError({
    code: 'METRIC_ANSWER',
    message: `error unmarshaling result: ${what}`,
    remedy:
      'the address has to be a Prometheus API, and the query one that gives a vector: vector(…) makes one of a scalar',
    cause,
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function quote(text: string): string {
  return text.length > quoted ? `${text.slice(0, quoted)}…` : text;
}
