import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { formatPeriod } from '../period.js';
import type { Shape } from '../shape.js';
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
  /**
   * A command of your own instead, such as `hey -z 1m -q 10 -c 2 http://podinfo.example.com/`; its hosts are checked.
   * @default - perch's own load task, through the router, with the host's name
   */
  readonly command?: Command;
  /** Hosts that the command may address beside the release's own. @default - none */
  readonly hosts?: readonly string[];
  /** Tells two load tests apart. @default load-test */
  readonly name?: string;
  /** The load tester logs what the command printed. @default false */
  readonly logOutput?: boolean;
}

export const loadShape: Shape<LoadProps> = {
  duration: 'duration',
  requestsPerSecond: 'number',
  workers: 'number',
  path: 'text',
  command: 'any',
  hosts: 'texts',
  name: 'text',
  logOutput: 'switch',
};

/**
 * What the load tester is posted: requests against the router's Service with the host's name in the Host header, so
 * that it works where the name is not (or not yet) in any DNS; without a router, against the new version itself.
 */
export function loadMetadata(
  scope: Construct,
  check: string,
  props: LoadProps,
  { host, routerUrl, canaryUrl }: Endpoints,
): Record<string, string> {
  const { requestsPerSecond = 10, workers = 2, path = '/' } = props;
  checkNumber(scope, `requestsPerSecond of check ${check}`, requestsPerSecond, { min: 1 });
  checkNumber(scope, `workers of check ${check}`, workers, { min: 1, max: 1000, whole: true });
  const duration = formatPeriod(scope, `duration of check ${check}`, props.duration ?? Duration.minutes(1));
  const target: Record<string, string> =
    host && routerUrl ? { url: `${routerUrl}${path}`, host } : { url: `${canaryUrl}${path}` };
  const rate = checkRate(scope, check, requestsPerSecond * workers);
  return { type: 'load', ...target, rate: `${rate}`, connections: `${workers}`, duration };
}

/** The load tester refuses more. */
function checkRate(scope: Construct, check: string, rate: number): number {
  checkNumber(scope, `requestsPerSecond of all workers of check ${check}`, rate, { min: 1, max: 100_000 });
  return rate;
}
