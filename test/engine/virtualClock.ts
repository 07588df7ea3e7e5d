import type { Clock } from '../../lib/ports/clock.js';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
  private timers: Pending[] = [];
  private order = 0;

  constructor(private time = Date.parse('2026-01-01T00:00:00Z')) {}

  now(): number {
    return this.time;
  }

  timer(delayMs: number, fire: () => void) {
    const pending = { at: this.time + Math.max(0, delayMs), order: this.order++, fire };
    this.timers.push(pending);
    return {
      cancel: () => {
        this.timers = this.timers.filter((other) => other !== pending);
      },
    };
  }

  /** Timers that wait for their time. */
  get pending(): number {
    return this.timers.length;
  }

  /** Lets everything happen that happens within `ms` milliseconds, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers = this.timers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.fire();
      await settle();
    }
    this.time = end;
  }

  private next(end: number): Pending | undefined {
    return this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}

/** Resolves when everything that needs no time has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
