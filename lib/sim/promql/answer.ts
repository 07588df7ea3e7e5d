import type { Labels } from '../prometheus/labels.js';
import type { SeriesStore } from '../prometheus/series.js';
import { evaluate } from './evaluation.js';
import { QueryError } from './queryError.js';
import type { Value } from './values.js';

export interface QueryAnswer {
  readonly status: number;
  /** JSON of Prometheus' HTTP API. */
  readonly body: string;
}

function formatted(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function result(value: Value, seconds: number): { resultType: string; result: unknown } {
  switch (value.type) {
    case 'scalar':
      return { resultType: 'scalar', result: [seconds, formatted(value.value)] };
    case 'string':
      return { resultType: 'string', result: [seconds, value.value] };
    case 'vector':
      return {
        resultType: 'vector',
        result: value.samples.map(({ labels, value: number }) => ({
          metric: labels satisfies Labels,
          value: [seconds, formatted(number)],
        })),
      };
    case 'matrix':
      return {
        resultType: 'matrix',
        result: value.ranges.map(({ labels, times, values }) => ({
          metric: labels,
          values: times.map((time, index) => [time / 1000, formatted(values[index]!)]),
        })),
      };
  }
}

/** Answers `/api/v1/query` (Prometheus documentation, "HTTP API"): a query that fails is 400 with `bad_data`. */
export function answerQuery(query: string, store: SeriesStore, atMs: number): QueryAnswer {
  try {
    const data = result(evaluate(query, store, atMs), atMs / 1000);
    return { status: 200, body: JSON.stringify({ status: 'success', data }) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const refusal = {
      status: 'error',
      errorType: 'bad_data',
      error: `invalid parameter "query": ${error.message}`,
    };
    return { status: 400, body: JSON.stringify(refusal) };
  }
}
