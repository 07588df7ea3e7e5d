import type { Construct } from 'constructs';
import { addressedHosts } from '../../api/addressedHosts.js';
import { constructError } from '../failure.js';
import type { Endpoints } from './endpoints.js';

export interface CommandHosts {
  /** Name of the check. */
  readonly check: string;
  readonly command: string;
  readonly endpoints: Endpoints;
  /** Where the command runs: short Service names are looked up there. */
  readonly runsIn: string;
  /** Only the release, and these hosts, may be addressed. Undefined: anything may. */
  readonly only?: readonly string[];
}

/**
 * Throws when a command talks to something else than it is about: a host that is not the Ingress's, a Service in
 * another namespace, a Service name that is too short where the command runs.
 */
export function checkCommandHosts(scope: Construct, props: CommandHosts): void {
  for (const host of addressedHosts(props.command)) {
    const [, service = '', namespace] = serviceName.exec(host) ?? [];
    const { name } = props.endpoints;
    if ([name, `${name}-primary`, `${name}-canary`].includes(service))
      checkService(scope, props, host, namespace);
    else if (props.only) checkHost(scope, props, host, props.only);
  }
}

/** `podinfo`, `podinfo.test`, `podinfo.test.svc`, `podinfo.test.svc.cluster.local`. */
const serviceName = /^([^.]+)(?:\.([^.]+)(?:\.svc(?:\.cluster\.local)?)?)?$/;

function checkService(
  scope: Construct,
  { check, endpoints, runsIn }: CommandHosts,
  host: string,
  namespace: string | undefined,
): void {
  if (endpoints.host === host || (namespace ?? runsIn) === endpoints.namespace) return;
  const right = `${host.split('.')[0]}.${endpoints.namespace}`;
  if (namespace === undefined) {
    throw constructError(scope, {
      code: 'CONSTRUCT_SHORT_SERVICE_NAME',
      message: `check ${check}: expected ${right}, got ${host}: the load tester runs in namespace ${runsIn}, where ${host} is unknown`,
      remedy: `write ${right}, or give the command as a function of the release: ({ canaryUrl }) => …`,
    });
  }
  throw hostMismatch(scope, check, right, host);
}

function checkHost(
  scope: Construct,
  { check, endpoints }: CommandHosts,
  host: string,
  only: readonly string[],
): void {
  const router = endpoints.routerUrl && new URL(endpoints.routerUrl).hostname;
  if ([endpoints.host, router, ...only].includes(host)) return;
  throw hostMismatch(scope, check, endpoints.host ?? `${endpoints.name}-canary.${endpoints.namespace}`, host);
}

function hostMismatch(scope: Construct, check: string, expected: string, given: string) {
  return constructError(scope, {
    code: 'CONSTRUCT_HOST_MISMATCH',
    message: `check ${check}: expected its requests to go to ${expected}, got ${given}`,
    remedy: `write ${expected}, or leave the host to perch: Check.load() takes the release's; name further hosts in \`hosts\``,
  });
}
