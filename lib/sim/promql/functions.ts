import { unnamed } from '../prometheus/labels.js';
import { histogramQuantile } from './quantiles.js';
import { unsupported } from './queryError.js';
import { increase, overTime, rate } from './rates.js';
import { expectMatrix, expectScalar, expectVector, scalar, type Value, vector } from './values.js';

type Implementation = (parameters: readonly Value[], atMs: number, name: string) => Value;

function mapped(change: (value: number) => number): Implementation {
  return ([parameter], _at, name) =>
    vector(
      expectVector(parameter, `call to function "${name}"`).map(({ labels, value }) => ({
        labels: unnamed(labels),
        value: change(value),
      })),
    );
}

function summarised(summary: (values: readonly number[]) => number): Implementation {
  return ([parameter], _at, name) =>
    vector(overTime(expectMatrix(parameter, `call to function "${name}"`), summary));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const functions: Readonly<Record<string, Implementation>> = {
  rate: ([range]) => vector(rate(expectMatrix(range, 'call to function "rate"'))),
  increase: ([range]) => vector(increase(expectMatrix(range, 'call to function "increase"'))),
  histogram_quantile: ([quantile, buckets]) =>
    vector(
      histogramQuantile(
        expectScalar(quantile, 'call to function "histogram_quantile"'),
        expectVector(buckets, 'call to function "histogram_quantile"'),
      ),
    ),
  vector: ([value]) => vector([{ labels: {}, value: expectScalar(value, 'call to function "vector"') }]),
  scalar: ([value]) => {
    const samples = expectVector(value, 'call to function "scalar"');
    return scalar(samples.length === 1 ? samples[0]!.value : Number.NaN);
  },
  time: (_parameters, atMs) => scalar(atMs / 1000),
  absent: ([value]) =>
    vector(expectVector(value, 'call to function "absent"').length > 0 ? [] : [{ labels: {}, value: 1 }]),
  abs: mapped(Math.abs),
  ceil: mapped(Math.ceil),
  floor: mapped(Math.floor),
  round: mapped(Math.round),
  avg_over_time: summarised((values) => sum(values) / values.length),
  sum_over_time: summarised(sum),
  max_over_time: summarised((values) => Math.max(...values)),
  min_over_time: summarised((values) => Math.min(...values)),
  count_over_time: summarised((values) => values.length),
  last_over_time: summarised((values) => values.at(-1)!),
};

/** Throws a QueryError that lists the functions it knows when this is none of them. */
export function callFunction(name: string, parameters: readonly Value[], atMs: number): Value {
  const implementation = functions[name];
  if (!implementation)
    throw unsupported(`the function ${name}; it knows ${Object.keys(functions).join(', ')}`);
  return implementation(parameters, atMs, name);
}
