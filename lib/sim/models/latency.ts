import type { Random } from '../../ports/random.js';

/** 99th percentile of the standard normal distribution. */
const z99 = 2.326347874;

/** Quantile of the standard normal distribution (Acklam's approximation; relative error below 1.2e-9 in the middle). */
function normalQuantile(p: number): number {
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 0.97575) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  return (q * polynomial(a, r)) / polynomial(b, r);
}

function tail(q: number): number {
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  return polynomial(c, q) / polynomial(d, q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}

/**
 * Latencies in seconds of `count` requests, as (value, how many took it): log-normal through the median and the 99th
 * percentile, drawn evenly over the distribution, so that few draws stand for many requests.
 */
export function* latencies(
  random: Random,
  count: number,
  medianMs: number,
  p99Ms: number,
): Generator<{ readonly seconds: number; readonly times: number }> {
  const draws = Math.min(count, 32);
  const sigma = Math.log(p99Ms / medianMs) / z99;
  let left = count;
  for (let draw = 0; draw < draws; draw++) {
    const times = Math.floor((count * (draw + 1)) / draws) - (count - left);
    const p = Math.min(0.999999, Math.max(0.000001, (draw + random.next()) / draws));
    left -= times;
    yield { seconds: (medianMs / 1000) * Math.exp(sigma * normalQuantile(p)), times };
  }
}
