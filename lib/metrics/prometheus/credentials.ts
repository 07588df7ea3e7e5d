import { PerchError } from '../../api/errors.js';
import type { MetricProviderContext } from '../../ports/metrics.js';

/** The Authorization header that the template's Secret, or else the address itself, asks for. */
export function authorization({ secret, address }: MetricProviderContext): Record<string, string> {
  if (!secret) return fromAddress(new URL(address));
  if (secret.token !== undefined) return { Authorization: `Bearer ${readToken(secret.token)}` };
  if (secret.username === undefined) throw missing('a username');
  if (secret.password === undefined) throw missing('a password');
  return basic(secret.username, secret.password);
}

function fromAddress(address: URL): Record<string, string> {
  if (!address.username) return {};
  return basic(decode(address.username), decode(address.password));
}

/** Percent escapes undone; one that is none stays as it is. */
function decode(text: string): string {
  return new URLSearchParams(`text=${text.replaceAll('+', '%2B').replaceAll('&', '%26')}`).get('text') ?? '';
}

function basic(username: string, password: string): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** A line's end after the token is how Secrets are commonly made, and no header may carry it. */
function readToken(token: string): string {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new PerchError({
    code: 'METRIC_CREDENTIALS',
    message:
      'prometheus credentials: expected a token of printable characters on one line, given another one',
    remedy: 'correct `token` in the Secret that the MetricTemplate’s secretRef names',
    path: 'spec.provider.secretRef',
  });
}

function missing(what: string): PerchError {
  return new PerchError({
    code: 'METRIC_CREDENTIALS',
    message: `prometheus credentials does not contain ${what}`,
    remedy: 'give the Secret that secretRef names either `token`, or both `username` and `password`',
    path: 'spec.provider.secretRef',
  });
}
