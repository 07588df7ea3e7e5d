import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { formatPeriod } from '../period.js';
import type { Command, Endpoints } from './endpoints.js';
import { checkNumber } from './range.js';

export interface LoadProps {
  /** How long one run lasts; the next check starts another. Whole seconds. @default 1 minute */
  readonly duration?: Duration;
  /** Requests a second of each worker; at least 1. @default 10 */
  readonly requestsPerSecond?: number;
  /** At the same time; at least 1. @default 2 */
  readonly workers?: number;
  /** What is asked for. @default / */
  readonly path?: string;
  /** A command of your own instead; its hosts are checked. @default - hey, through the router, with the host's name */
  readonly command?: Command;
  /** Hosts that the command may address beside the release's own. @default - none */
  readonly hosts?: readonly string[];
  /** Tells two load tests apart. @default load-test */
  readonly name?: string;
  /** The load tester logs what the command printed. @default false */
  readonly logOutput?: boolean;
}

/**
 * hey against the router's Service with the host's name in the Host header, so that it works where the name is not
 * (or not yet) in any DNS; without a router, against the new version itself.
 */
export function loadCommand(scope: Construct, check: string, props: LoadProps, endpoints: Endpoints): string {
  if (typeof props.command === 'string') return props.command;
  if (props.command) return props.command(endpoints);
  const { requestsPerSecond = 10, workers = 2, path = '/' } = props;
  checkNumber(scope, `requestsPerSecond of check ${check}`, requestsPerSecond, { min: 1 });
  checkNumber(scope, `workers of check ${check}`, workers, { min: 1, whole: true });
  const duration = formatPeriod(scope, `duration of check ${check}`, props.duration ?? Duration.minutes(1));
  const load = `hey -z ${duration} -q ${requestsPerSecond} -c ${workers}`;
  const { host, routerUrl, canaryUrl } = endpoints;
  if (host && routerUrl) return `${load} -host ${host} ${quote(`${routerUrl}${path}`)}`;
  return `${load} ${quote(`${canaryUrl}${path}`)}`;
}

/** For the shell, where it is needed. */
function quote(url: string): string {
  return /^[\w./:%~-]+$/.test(url) ? url : `'${url.replaceAll("'", "'\\''")}'`;
}
