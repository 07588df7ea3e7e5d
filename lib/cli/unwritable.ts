import { PerchError } from '../api/errors.js';

/** CLI_FILE_UNWRITABLE for what the operating system says; `path` is the word of the command line that names it. */
export function unwritable(place: string, path: string, cause: Error): PerchError {
  return new PerchError({
    code: 'CLI_FILE_UNWRITABLE',
    message: `expected a place that can be written, got ${place}: ${cause.message}`,
    remedy: 'name another place, or make room and rights for this one',
    path,
    cause,
  });
}

/** Does what writes to `place`; what the operating system refuses becomes CLI_FILE_UNWRITABLE. */
export async function writing(place: string, path: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unwritable(place, path, error) : error;
  }
}
