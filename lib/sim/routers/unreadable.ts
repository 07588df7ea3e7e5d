import { PerchError } from '../../api/errors.js';

/** Throws for a condition of the user's that no model obeys: requests would go another way than on a real cluster. */
export function requireReadable(condition: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(condition).find((field) => !known.includes(field));
  if (unknown !== undefined) throw unreadable(where, known.join(', '), unknown);
}

export function unreadable(where: string, expected: string, given: string): PerchError {
  return new PerchError({
    code: 'SIM_RULE_UNREADABLE',
    message: `expected ${where} to say ${expected}, which is what is simulated; given ${given}`,
    remedy: 'say it with these, leave the object out, or try the release on a real cluster',
  });
}
