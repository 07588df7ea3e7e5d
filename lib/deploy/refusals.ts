import { PerchError } from '../api/errors.js';

/** What work came to, or why it was refused; what is no refusal of an object goes on its way as an error. */
export async function orRefusal<T>(work: Promise<T>): Promise<T | PerchError> {
  return work.catch((error: unknown) => {
    // Whoever does not get through to the API server has heard nothing about the object.
    if (error instanceof PerchError && error.code !== 'DEPLOY_API_SERVER') return error;
    throw error;
  });
}

/** The results, when none of them is a refusal. Throws all refusals as one error, so that one look finds them all. */
export function unlessRefused<T>(results: readonly (T | PerchError)[]): T[] {
  const refusals = results.filter((result) => result instanceof PerchError);
  if (refusals.length > 0) throw together(refusals, results.length);
  return results as T[];
}

function together(refusals: readonly PerchError[], count: number): PerchError {
  const [first] = refusals;
  if (first && refusals.length === 1) return first;
  const codes = new Set(refusals.map(({ code }) => code));
  const lines = refusals.map(({ path, message }) => `\n  ${path}: ${message}`);
  return new PerchError({
    code: codes.size === 1 && first ? first.code : 'DEPLOY_REFUSED',
    message: `${refusals.length} of ${count} objects are refused, and nothing was applied:${lines.join('')}`,
    remedy: [...new Set(refusals.map(({ remedy }) => remedy))].join('; '),
    cause: first,
  });
}
