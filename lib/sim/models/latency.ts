import { createMemo } from '../../api/memo.js';
import { binomial } from '../chance.js';
import { normalShare } from '../normal.js';
import { bounds, type Spread } from '../prometheus/histogram.js';

/** 99th percentile of the standard normal distribution. */
const z99 = 2.326347874;

const spreads = createMemo<Spread>(1000);

/**
 * The log-normal distribution through the median and the 99th percentile, `shiftSeconds` later, cut at the bounds
 * of a histogram.
 */
export function latencySpread(medianMs: number, p99Ms: number, shiftSeconds: number): Spread {
  const id = `${medianMs} ${p99Ms} ${shiftSeconds}`;
  return spreads(id, () => newSpread(medianMs, p99Ms, shiftSeconds));
}

function newSpread(medianMs: number, p99Ms: number, shiftSeconds: number): Spread {
  const sigma = Math.log(p99Ms / medianMs) / z99;
  const median = medianMs / 1000;
  const mean = median * Math.exp((sigma * sigma) / 2);
  const place = (bound: number) =>
    bound > shiftSeconds ? Math.log((bound - shiftSeconds) / median) : -Infinity;
  const shares: number[] = [];
  const means: number[] = [];
  let below = 0;
  let weightBelow = 0;
  for (const bound of [...bounds, Number.POSITIVE_INFINITY]) {
    const share = normalShare(place(bound), sigma);
    const weight = normalShare(place(bound) - sigma * sigma, sigma);
    const here = share - below;
    shares.push(below >= 1 ? 1 : Math.min(1, here / (1 - below)));
    means.push(here > 1e-12 ? shiftSeconds + (mean * (weight - weightBelow)) / here : bound);
    below = share;
    weightBelow = weight;
  }
  return spreadOf(shares, means);
}

/** `shares`: of the answers that are above the buckets before, the share in this one; `means`: theirs, seconds. */
function spreadOf(shares: readonly number[], means: readonly number[]): Spread {
  const last = shares.length - 1;
  return {
    draw: (random, count, counts) => {
      let seconds = 0;
      let left = count;
      for (let bucket = 0; left > 0; bucket++) {
        const here = bucket === last ? left : binomial(random, left, shares[bucket]!);
        if (here === 0) continue;
        counts[bucket]! += here;
        seconds += here * means[bucket]!;
        left -= here;
      }
      return seconds;
    },
  };
}
