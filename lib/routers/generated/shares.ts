import type { Routes } from '../../ports/router.js';

/** Two weights as shares; undefined when they are no whole percentages of 100. */
export function sharesOf(primary: unknown, canary: unknown, mirrored = false): Routes | undefined {
  if (typeof primary !== 'number' || typeof canary !== 'number') return undefined;
  if (!Number.isInteger(primary) || primary < 0 || canary < 0 || primary + canary !== 100) return undefined;
  return { primary, canary, mirrored };
}

/** As sharesOf, where the primary's weight alone is kept. */
export function sharesOfPrimary(primary: unknown): Routes | undefined {
  return typeof primary === 'number' ? sharesOf(primary, 100 - primary) : undefined;
}
