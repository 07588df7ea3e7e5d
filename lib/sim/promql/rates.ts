import { unnamed } from '../prometheus/labels.js';
import type { Range, Sample, Value } from './values.js';

type Matrix = Extract<Value, { type: 'matrix' }>;

/** Sum of the increases; a counter that falls has been reset and starts at 0. */
function increaseBetween(values: readonly number[]): number {
  let total = 0;
  for (let index = 1; index < values.length; index++) {
    const step = values[index]! - values[index - 1]!;
    total += step < 0 ? values[index]! : step;
  }
  return total;
}

/**
 * The increase over the whole range, extrapolated from the samples in it as Prometheus does (promql/functions.go,
 * extrapolatedRate): to the range's ends when the samples come near them (1.1 intervals), else by half an interval,
 * and never below zero before the first sample. Undefined with fewer than two samples.
 */
export function extrapolatedIncrease(
  { times, values }: Range,
  startMs: number,
  endMs: number,
): number | undefined {
  if (times.length < 2) return undefined;
  const first = times[0]!;
  const last = times.at(-1)!;
  const increase = increaseBetween(values);
  const sampled = (last - first) / 1000;
  const between = sampled / (times.length - 1);
  const near = between * 1.1;
  let toStart = (first - startMs) / 1000;
  let toEnd = (endMs - last) / 1000;
  if (toStart >= near) toStart = between / 2;
  if (increase > 0 && values[0]! >= 0) toStart = Math.min(toStart, sampled * (values[0]! / increase));
  if (toEnd >= near) toEnd = between / 2;
  return increase * ((sampled + toStart + toEnd) / sampled);
}

function overRanges({ ranges, startMs, endMs }: Matrix, value: (increase: number) => number): Sample[] {
  return ranges.flatMap((range) => {
    const increase = extrapolatedIncrease(range, startMs, endMs);
    return increase === undefined ? [] : [{ labels: unnamed(range.labels), value: value(increase) }];
  });
}

export function rate(matrix: Matrix): Sample[] {
  const seconds = (matrix.endMs - matrix.startMs) / 1000;
  return overRanges(matrix, (increase) => increase / seconds);
}

export function increase(matrix: Matrix): Sample[] {
  return overRanges(matrix, (total) => total);
}

/** One number of the samples in the range, such as their average. */
export function overTime(matrix: Matrix, summary: (values: readonly number[]) => number): Sample[] {
  return matrix.ranges.map(({ labels, values }) => ({
    labels: unnamed(labels),
    value: summary(values),
  }));
}
