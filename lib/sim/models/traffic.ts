import type { Ask } from './request.js';

/** Requests that come whether or not earlier ones have been answered. */
export interface TrafficSource extends Ask {
  /** A rate that is the same all the time, or how many requests have come by so many milliseconds after the start. */
  readonly requestsPerSecond: number | ((sinceStartMs: number) => number);
  /** Epoch ms. @default - from the beginning */
  readonly startMs?: number;
  /** Epoch ms. @default - for ever */
  readonly endMs?: number;
  /** Made by tests, not by users. @default false */
  readonly synthetic?: boolean;
}

/** Requests of a source in a span of time; over adjoining spans they sum to the whole, however it is cut. */
export function requestsBetween(source: TrafficSource, fromMs: number, toMs: number): number {
  const start = Math.max(source.startMs ?? 0, 0);
  const end = source.endMs ?? Number.POSITIVE_INFINITY;
  const { requestsPerSecond: rate } = source;
  const before = (time: number) => {
    const elapsed = Math.max(0, Math.min(time, end) - start);
    return Math.floor((typeof rate === 'number' ? (elapsed * rate) / 1000 : rate(elapsed)) + 1e-9);
  };
  return before(toMs) - before(fromMs);
}

/** The traffic a test asks for; hosts are those of an Ingress. */
export const traffic = {
  /** Nobody asks for anything. */
  none: (): TrafficSource[] => [],
  /** `rps` requests a second, evenly, for ever. */
  steady: ({ rps, host, path = '/' }: { rps: number; host: string; path?: string }): TrafficSource[] => [
    { requestsPerSecond: rps, host, path },
  ],
  /** `rps` requests a second from `startMs` (epoch ms) on, for `durationMs`. */
  burst: (burst: {
    rps: number;
    host: string;
    path?: string;
    startMs: number;
    durationMs: number;
  }): TrafficSource[] => [
    {
      requestsPerSecond: burst.rps,
      host: burst.host,
      path: burst.path ?? '/',
      startMs: burst.startMs,
      endMs: burst.startMs + burst.durationMs,
    },
  ],
};
