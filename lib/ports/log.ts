export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured log. `canary` is `<name>.<namespace>` where a line is about one canary. */
export interface Log {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
