import type { Answer } from '../answer.js';
import type { Payload } from '../payload.js';
import type { Runner } from '../runner.js';

/** Handles one `metadata.type`. */
export type TaskHandler = (payload: Payload, runner: Runner) => Promise<Answer>;
