/** Times of many requests in little memory. */
export interface Latencies {
  add(ms: number): void;
  /** Milliseconds that a share (0 to 1) of the requests took at most, 1 % off at most; 0 when there were none. */
  percentile(share: number): number;
}

/** Every bucket ends 2 % above where it begins. */
const GROWTH = Math.log(1.02);
/** Where the first one ends, in milliseconds. */
const SHORTEST = 0.01;

export function createLatencies(): Latencies {
  const buckets: number[] = [];
  let count = 0;
  return {
    add(ms) {
      const at = ms <= SHORTEST ? 0 : Math.ceil(Math.log(ms / SHORTEST) / GROWTH);
      buckets[at] = (buckets[at] ?? 0) + 1;
      count++;
    },
    percentile(share) {
      let left = Math.ceil(share * count);
      if (count === 0) return 0;
      for (const [at, size = 0] of buckets.entries()) {
        left -= size;
        if (left <= 0) return SHORTEST * Math.exp((at - 0.5) * GROWTH);
      }
      return SHORTEST * Math.exp((buckets.length - 1.5) * GROWTH);
    },
  };
}
