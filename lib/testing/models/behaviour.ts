import { parseDuration } from '../../api/duration.js';
import type { Behaviour } from '../../sim/models/behaviours.js';

/** Which requests are affected. */
interface Affected {
  /** Only paths that begin with this. @default - every path */
  readonly path?: string;
  /** Only requests with all of these headers. @default - every request */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A version as it should be: 8 ms in the median, no errors, ready after 3 s. `startsIn` is a duration such as `20s`. */
export function healthy({ startsIn }: { readonly startsIn?: string } = {}): Behaviour {
  return startsIn === undefined ? {} : { startUpMs: parseDuration(startsIn) };
}

/** Answers a share of the requests with 500; `errorRate` is from 0 to 1. */
export function faulty(fault: Affected & { readonly errorRate: number }): Behaviour {
  return fault;
}

/** Answers late: half of the answers within `median`, 99 of 100 within `p99` (four times the median by default). */
export function slow({
  median,
  p99,
  ...affected
}: Affected & { readonly median: string; readonly p99?: string }): Behaviour {
  return {
    ...affected,
    medianMs: parseDuration(median),
    ...(p99 !== undefined && { p99Ms: parseDuration(p99) }),
  };
}

/** Healthy at first, then ever more like `worst`, which its pods are when they are as old as `over`. */
export function degrading(worst: Behaviour, { over }: { readonly over: string }): Behaviour {
  return { ...worst, degradesOverMs: parseDuration(over) };
}

/** Runs, but its readiness probe fails. */
export function neverReady(): Behaviour {
  return { health: 'neverReady' };
}

/** Exits as soon as it is started, over and over. */
export function crashLooping(): Behaviour {
  return { health: 'crashLoop' };
}

/** Is killed when it has been ready for `after`, and started anew with the kubelet's back-off. */
export function outOfMemory({ after }: { readonly after: string }): Behaviour {
  return { livesMs: parseDuration(after) };
}
