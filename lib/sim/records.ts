import type { Clock } from '../ports/clock.js';
import type { Log, LogLevel } from '../ports/log.js';

export interface LogRecord {
  /** Epoch ms. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that is kept for looking at. */
export class RecordedLog implements Log {
  readonly records: LogRecord[] = [];

  constructor(private readonly clock: Clock) {}

  log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.records.push({ at: this.clock.now(), level, message, fields });
  }
}
