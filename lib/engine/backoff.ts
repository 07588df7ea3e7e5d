import type { Random } from '../ports/random.js';

export interface Backoff {
  /** Milliseconds to wait before the next attempt; grows with each call. */
  next(): number;
  reset(): void;
}

/** Doubles from `firstMs` up to `mostMs`; with `random`, each wait is between half of that and all of it. */
export function createBackoff(firstMs: number, mostMs: number, random?: Random): Backoff {
  let attempts = 0;
  return {
    next() {
      const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempts, 30));
      attempts += 1;
      return random ? Math.round(full * (0.5 + random.next() / 2)) : full;
    },
    reset() {
      attempts = 0;
    },
  };
}
