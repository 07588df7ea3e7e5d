import { PerchError } from '../api/errors.js';
import { routerName } from '../api/providers.js';
import type { ControllerFlags } from '../settings/controllerFlags.js';

/** Throws CLI_FLAG_REFUSED when a flag asks for what perch cannot do: to ignore it would be to lie. */
export function refuseUnsupported(
  flags: ControllerFlags,
  given: ReadonlySet<string>,
  providers: readonly string[],
): void {
  const provider = flags['mesh-provider'];
  if (given.has('mesh-provider') && routerName(providers, provider) === undefined) {
    throw refusal(
      'mesh-provider',
      `expected a provider that has a router, got '${provider}'`,
      `use one of ${providers.join(', ')}`,
    );
  }
  const missing = tokenFlags.filter((name) => !flags[name]);
  if (missing.length > 0 && missing.length < tokenFlags.length) {
    const others = tokenFlags.filter((name) => flags[name]).map((name) => `-${name}`);
    throw refusal(
      missing[0] ?? '',
      `expected a value beside ${others.join(' and ')}, got none`,
      'give all of -loadtester, -loadtester-token and -loadtester-digest, or none: then hooks go out without a token',
    );
  }
}

/** One is of no use without the others. */
const tokenFlags = ['loadtester', 'loadtester-token', 'loadtester-digest'] as const;

function refusal(name: string, message: string, remedy: string): PerchError {
  return new PerchError({
    code: 'CLI_FLAG_REFUSED',
    message,
    remedy,
    path: `-${name}`,
  });
}
