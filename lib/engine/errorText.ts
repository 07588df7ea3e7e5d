/** An error as one line for an event or a log; of what is not an Error, its string. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
