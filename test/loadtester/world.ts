import type { Clock } from '../../lib/ports/clock.js';
import type { Log, LogLevel } from '../../lib/ports/log.js';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RecordedLog extends Log {
  readonly lines: readonly LogLine[];
  /** Resolves with the first line whose message has this text, as soon as it is logged. */
  line(text: string): Promise<LogLine>;
}

export function recordLog(): RecordedLog {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  return {
    lines,
    log(level, message, fields = {}) {
      lines.push({ level, message, fields });
      for (const look of waiting) look();
    },
    line: (text) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find(({ message }) => message.includes(text));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** A clock that stands still until it is told to advance. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Map<object, { at: number; fire: () => void }>();
  return {
    now: () => now,
    timer(delayMs, fire) {
      const id = {};
      timers.set(id, { at: now + delayMs, fire });
      return { cancel: () => void timers.delete(id) };
    },
    advance(ms) {
      now += ms;
      for (const [id, { at, fire }] of timers) {
        if (at > now) continue;
        timers.delete(id);
        fire();
      }
    },
  };
}

/** Resolves when the condition holds; looked at every few milliseconds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
