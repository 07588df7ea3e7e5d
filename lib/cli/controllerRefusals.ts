import { PerchError } from '../api/errors.js';
import { routerName } from '../api/providers.js';
import type { ControllerFlags } from '../settings/controllerFlags.js';

/** Flags of klog, which Flagger's Go libraries log with; perch has none of these libraries. */
const klogFlags = new Set([
  'add_dir_header',
  'alsologtostderr',
  'log_backtrace_at',
  'log_dir',
  'log_file',
  'log_file_max_size',
  'logtostderr',
  'one_output',
  'skip_headers',
  'skip_log_headers',
  'stderrthreshold',
  'v',
  'vmodule',
]);

/** Throws CLI_FLAG_REFUSED when a flag asks for what perch does not do: to ignore it would be to lie. */
export function refuseKlogFlags(argv: readonly string[]): void {
  for (const word of argv) {
    const name = /^--?([^=]+)/.exec(word)?.[1];
    if (name && klogFlags.has(name)) {
      throw refusal(
        name,
        "is about the logs of Flagger's Go libraries, which perch does not have",
        'use -log-level',
      );
    }
  }
}

/** As refuseKlogFlags, for flags that perch knows and cannot obey yet. */
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
  if (flags['ingress-class']) {
    throw refusal('ingress-class', 'belongs to Contour, which perch cannot route with yet', 'leave it out');
  }
  if (flags['zap-replace-globals']) {
    throw refusal(
      'zap-replace-globals',
      "is about the logs of Flagger's Go libraries, which perch does not have",
      'leave it out',
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
