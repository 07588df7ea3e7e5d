import { PerchError } from '../api/errors.js';

/** An error as one line for an event or a log; of what is not an Error, its string. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same with the remedy behind it, where somebody is to mend something. */
export function advisedText(error: unknown): string {
  return error instanceof PerchError ? `${error.message}; ${error.remedy}` : errorText(error);
}
