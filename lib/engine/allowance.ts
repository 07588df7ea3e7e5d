/** How often something may be done: so many times at once, and from then on once a span. */
export interface Allowance {
  /** Takes one, and answers 0; or the milliseconds until there is one to take. */
  take(nowMs: number): number;
}

export function createAllowance(atOnce: number, everyMs: number): Allowance {
  let left = atOnce;
  let at: number | undefined;
  return {
    take(nowMs) {
      // a clock that was set back gives nothing, and takes nothing away
      left = Math.min(atOnce, left + Math.max(0, nowMs - (at ?? nowMs)) / everyMs);
      at = nowMs;
      if (left < 1) return Math.ceil((1 - left) * everyMs);
      left -= 1;
      return 0;
    },
  };
}
