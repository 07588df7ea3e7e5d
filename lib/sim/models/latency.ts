import type { Random } from '../../ports/random.js';
import { binomial } from '../chance.js';
import { normalShare } from '../normal.js';

/** 99th percentile of the standard normal distribution. */
const z99 = 2.326347874;

/** How the answers of a version spread over the buckets of a histogram. */
export interface LatencyShape {
  /** Of the answers that are above the buckets before, the share in this one; one more bucket than there are bounds. */
  readonly shares: readonly number[];
  /** Mean of the answers in each bucket, seconds. */
  readonly means: readonly number[];
}

const shapes = new Map<string, LatencyShape>();

/**
 * The log-normal distribution through the median and the 99th percentile, `shiftSeconds` later, cut at the bounds
 * (seconds, ascending).
 */
export function latencyShape(
  medianMs: number,
  p99Ms: number,
  shiftSeconds: number,
  bounds: readonly number[],
): LatencyShape {
  const id = `${medianMs} ${p99Ms} ${shiftSeconds} ${bounds.length}`;
  const known = shapes.get(id) ?? newShape(medianMs, p99Ms, shiftSeconds, bounds);
  if (shapes.size > 1000) shapes.clear();
  shapes.set(id, known);
  return known;
}

function newShape(
  medianMs: number,
  p99Ms: number,
  shiftSeconds: number,
  bounds: readonly number[],
): LatencyShape {
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
  return { shares, means };
}

/** How many of `count` answers fall into each bucket; drawn by chance. */
export function drawLatencies(random: Random, count: number, { shares }: LatencyShape): number[] {
  let left = count;
  return shares.map((share, bucket) => {
    const here = bucket === shares.length - 1 ? left : binomial(random, left, share);
    left -= here;
    return here;
  });
}
