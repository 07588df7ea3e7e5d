import type { MetricProviderContext } from '../../ports/metrics.js';
import { addressAuthorization, basicAuthorization } from '../basicAuthorization.js';
import { invalidCredentials } from '../secretKeys.js';

/** The Authorization header that the template's Secret, or else the address itself, asks for. */
export function authorization({ secret, address }: MetricProviderContext): Readonly<Record<string, string>> {
  if (!secret) return addressAuthorization(address);
  if (secret.token !== undefined) return { Authorization: `Bearer ${readToken(secret.token)}` };
  if (secret.username === undefined) throw missing('a username');
  if (secret.password === undefined) throw missing('a password');
  return basicAuthorization(secret.username, secret.password);
}

/** A line's end after the token is how Secrets are commonly made, and no header may carry it. */
function readToken(token: string): string {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw invalidCredentials(
    'prometheus credentials: expected a token of printable characters on one line, given another one',
    'correct `token` in the Secret that the MetricTemplate’s secretRef names',
  );
}

function missing(what: string) {
  return invalidCredentials(
    `prometheus credentials does not contain ${what}`,
    'give the Secret that secretRef names either `token`, or both `username` and `password`',
  );
}
