import { PerchError } from '../api/errors.js';
import { routerName } from '../api/providers.js';
import type { ControllerFlags } from '../settings/controllerFlags.js';

/** Throws CLI_FLAG_REFUSED when a flag asks for what perch cannot do yet: to ignore it would be to lie. */
export function refuseUnsupported(
  flags: ControllerFlags,
  given: ReadonlySet<string>,
  providers: readonly string[],
): void {
  if (flags['kubeconfig-service-mesh']) {
    throw refusal(
      'kubeconfig-service-mesh',
      'is not there yet: routing objects live in the same cluster',
      'leave it out',
    );
  }
  const tester = [flags.loadtester, flags['loadtester-token'], flags['loadtester-digest']];
  if (tester.some(Boolean) && !tester.every(Boolean)) {
    throw refusal(
      'loadtester',
      'is of use only with -loadtester-token and -loadtester-digest, and they with it',
      'give all three, or none when hooks need no token',
    );
  }
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
