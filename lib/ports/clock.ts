/** A running timer. */
export interface Timer {
  /** Stops the timer; does nothing once it has fired. */
  cancel(): void;
}

/** The only source of time. Real in the composition roots, virtual in the simulator. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `fire` once, `delayMs` milliseconds from now (0 or less: as soon as the caller has returned). */
  timer(delayMs: number, fire: () => void): Timer;
}

/** Resolves `delayMs` milliseconds from now, or at once when `signal` is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.timer(delayMs, end);
    signal?.addEventListener('abort', end);
  });
}
