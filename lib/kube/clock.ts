import type { Clock, Timer } from '../ports/clock.js';

/** setTimeout's ceiling: 2^31 - 1 ms, a little under 25 days; what is longer would fire at once. */
const LONGEST_MS = 2_147_483_647;

/** The machine's own time. A running timer keeps the process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  timer(delayMs: number, fire: () => void): Timer {
    let left = Math.max(0, delayMs);
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const slice = Math.min(left, LONGEST_MS);
      left -= slice;
      handle = setTimeout(() => (left > 0 ? arm() : fire()), slice);
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
};
