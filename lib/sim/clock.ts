import { PerchError } from '../api/errors.js';
import type { Clock, Timer } from '../ports/clock.js';
import { TimerHeap } from './timers.js';

/** Resolves when every promise continuation that could run has run: the one place where sim touches the event loop. */
export function quiescence(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Time that moves only when it is told to. Timers fire one by one, in order of their time and then of their making,
 * and all that a timer set going settles before the next one fires: so a run is the same every time.
 */
export class VirtualClock implements Clock {
  private readonly timers = new TimerHeap();
  private order = 0;
  private current: number;

  /** `startMs`: epoch milliseconds. `settle` resolves when all that a timer set going has come to rest. */
  constructor(
    startMs: number,
    private readonly settle: () => Promise<void> = quiescence,
  ) {
    this.current = startMs;
  }

  now(): number {
    return this.current;
  }

  timer(delayMs: number, fire: () => void): Timer {
    const due = { at: this.current + Math.max(0, delayMs), order: this.order++, fire, cancelled: false };
    this.timers.push(due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** Moves to `epochMs`, firing what is due on the way. Rejects with SIM_TIME_TRAVEL when that lies in the past. */
  async advanceTo(epochMs: number): Promise<void> {
    if (epochMs < this.current) {
      throw new PerchError({
        code: 'SIM_TIME_TRAVEL',
        message: `expected a time not before ${new Date(this.current).toISOString()}, was given ${new Date(epochMs).toISOString()}`,
        remedy: 'Advance the virtual clock by zero or more milliseconds.',
      });
    }
    await this.settle();
    while (await this.step(epochMs));
    this.current = epochMs;
  }

  /** Moves `ms` milliseconds on. */
  advance(ms: number): Promise<void> {
    return this.advanceTo(this.current + ms);
  }

  /**
   * Moves on until `predicate` holds (checked after each timer) and resolves to true, or `limitMs` milliseconds
   * have passed and resolves to false. What an asynchronous predicate set going settles before time moves.
   */
  async runUntil(predicate: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
    const limit = this.current + limitMs;
    await this.settle();
    while (!(await this.holds(predicate))) {
      if (await this.step(limit)) continue;
      this.current = limit;
      return predicate();
    }
    return true;
  }

  /** Does it, and if not, has all that asking it set going come to rest? */
  private async holds(predicate: () => boolean | Promise<boolean>): Promise<boolean> {
    const answer = predicate();
    if (typeof answer === 'boolean') return answer;
    const held = await answer;
    if (!held) await this.settle();
    return held;
  }

  /** Fires the next timer that is due by `limit`, and lets it settle. False when there is none. */
  private async step(limit: number): Promise<boolean> {
    const next = this.timers.peek();
    if (!next || next.at > limit) return false;
    this.timers.pop();
    this.current = Math.max(this.current, next.at);
    next.fire();
    await this.settle();
    return true;
  }
}
