import { PerchError } from '../../api/errors.js';
import { type Answer, answer } from '../answer.js';
import type { Ledger } from '../load/ledger.js';
import type { TaskMetrics } from '../metrics.js';
import type { Payload } from '../payload.js';
import type { Runner } from '../runner.js';

/** What a handler works with. */
export interface TaskWorld {
  readonly runner: Runner;
  /** Programs that may be run; `*` is any. */
  readonly programs: readonly string[];
  readonly metrics: TaskMetrics;
  readonly ledger: Ledger;
}

/** Handles one `metadata.type`; a PerchError is the client's mistake. */
export type TaskHandler = (payload: Payload, world: TaskWorld) => Promise<Answer>;

/** A program that is not on the list is forbidden, anything else is a bad request; with the remedy. */
export function refuseTask(error: unknown): Answer {
  if (!(error instanceof PerchError)) throw error;
  const status = error.code === 'LOADTESTER_PROGRAM' ? 403 : 400;
  return answer(status, `${error.message}; ${error.remedy}`);
}

/** The answer when as many tasks run as may; hooks with retries come back. */
export const tooMany: Answer = answer(429, 'too many tasks are running; -max-running says how many may');
