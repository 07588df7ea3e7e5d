import { PerchError } from '../api/errors.js';
import type { MetricProviderContext } from '../ports/metrics.js';

/**
 * The value that the template's Secret has for a key, without the line's end that Secrets often have. Throws
 * METRIC_CREDENTIALS when there is none, or one that no header can carry.
 */
export function requireKey(provider: string, { secret }: MetricProviderContext, key: string): string {
  const value = secret?.[key]?.trim();
  if (!value) {
    const where = secret
      ? `expected the key ${key} in the Secret, given ${listed(secret)}`
      : `expected a Secret with the key ${key}, given no secretRef`;
    throw invalidCredentials(
      `${provider} credentials does not contain ${key}: ${where}`,
      `give the Secret that secretRef names the key \`${key}\``,
    );
  }
  return requireHeaderText(provider, key, value);
}

function requireHeaderText(provider: string, key: string, value: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw invalidCredentials(
    `${provider} credentials: expected ${key} to be printable characters on one line, given others`,
    `correct \`${key}\` in the Secret that the MetricTemplate’s secretRef names`,
  );
}

export function invalidCredentials(message: string, remedy: string, cause?: unknown): PerchError {
  return new PerchError({
    code: 'METRIC_CREDENTIALS',
    message,
    remedy,
    path: 'spec.provider.secretRef',
    cause,
  });
}

/** Keys are no secrets, and tell a typing error at a glance. */
function listed(secret: Readonly<Record<string, string>>): string {
  return Object.keys(secret).sort().join(', ') || 'an empty one';
}
