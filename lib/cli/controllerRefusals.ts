import { PerchError } from '../api/errors.js';
import { routerName } from '../api/providers.js';
import type { ControllerFlags } from '../settings/controllerFlags.js';

/** Throws CLI_FLAG_REFUSED when a flag asks for what perch cannot do yet: to ignore it would be to lie. */
export function refuseUnsupported(
  flags: ControllerFlags,
  given: ReadonlySet<string>,
  providers: readonly string[],
): void {
  const provider = flags['mesh-provider'];
  if (given.has('mesh-provider') && routerName(providers, provider) === undefined) {
    throw refusal('mesh-provider', `'${provider}' is not there yet`, `use one of ${providers.join(', ')}`);
  }
}

function refusal(name: string, message: string, remedy: string): PerchError {
  return new PerchError({
    code: 'CLI_FLAG_REFUSED',
    message: `-${name} ${message}`,
    remedy,
    path: `-${name}`,
  });
}
