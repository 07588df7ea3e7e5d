import { type Clock, sleep } from '../ports/clock.js';

export interface RateLimitOptions {
  /** Requests a second in the long run; negative for no limit. @default 100 */
  readonly qps?: number;
  /** Requests that may leave at once after a quiet time, at least 1. @default 250 */
  readonly burst?: number;
}

export interface RateLimit {
  /** Resolves when the caller may send one request; callers are served in the order they came. */
  acquire(): Promise<void>;
}

/**
 * A token bucket as client-go's: `burst` tokens, refilled at `qps`. A caller who finds it empty takes the next
 * token on credit and waits until it is earned, so that nobody is overtaken.
 * The defaults are Flagger's; its controller here has no limit unless `-kubeconfig-qps` gives one.
 */
export function createRateLimit(clock: Clock, { qps = 100, burst = 250 }: RateLimitOptions = {}): RateLimit {
  if (qps <= 0) return { acquire: async () => {} };
  const size = Math.max(1, burst);
  let tokens = size;
  let refilledAt = clock.now();
  return {
    async acquire() {
      const now = clock.now();
      // A clock that was set back earns nothing and costs nothing.
      const earned = (Math.max(0, now - refilledAt) * qps) / 1000;
      refilledAt = now;
      tokens = Math.min(size, tokens + earned) - 1;
      if (tokens < 0) await sleep(clock, (-tokens / qps) * 1000);
    },
  };
}
