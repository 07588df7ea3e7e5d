import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { wholeSeconds } from '../period.js';
import { checkProps, type Shape } from '../shape.js';
import { checkCount } from './range.js';

export interface ProbeProps {
  /** Before the first try; whole seconds. @default - at once */
  readonly initialDelay?: Duration;
  /** Between two tries; whole seconds. @default 5 seconds */
  readonly period?: Duration;
  /** For one try; whole seconds. @default 1 second */
  readonly timeout?: Duration;
  /** Tries in a row that must fail before it counts; at least 1. @default 3 */
  readonly failureThreshold?: number;
}

const shape: Shape<ProbeProps> = {
  initialDelay: 'duration',
  period: 'duration',
  timeout: 'duration',
  failureThreshold: 'number',
};

/** How Kubernetes learns that a container is ready, or dead. */
export class Probe {
  /** GET `path` on the application's port; 2xx and 3xx are good. */
  static http(path: string, props: ProbeProps = {}): Probe {
    return new Probe((port) => ({ httpGet: { path, port } }), checkProps('Probe.http', props, shape));
  }

  /** A connection to the application's port. */
  static tcp(props: ProbeProps = {}): Probe {
    return new Probe((port) => ({ tcpSocket: { port } }), checkProps('Probe.tcp', props, shape));
  }

  /** A command in the container; exit code 0 is good. */
  static command(command: readonly string[], props: ProbeProps = {}): Probe {
    return new Probe(() => ({ exec: { command: [...command] } }), checkProps('Probe.command', props, shape));
  }

  private constructor(
    private readonly action: (port: number) => object,
    private readonly props: ProbeProps,
  ) {}

  /** The probe as a container has it. */
  render(scope: Construct, port: number): object {
    const { initialDelay, period = Duration.seconds(5), timeout, failureThreshold } = this.props;
    if (failureThreshold !== undefined) checkCount(scope, 'failureThreshold of a probe', failureThreshold);
    return {
      ...this.action(port),
      periodSeconds: wholeSeconds(scope, 'period of a probe', period),
      ...(initialDelay && {
        initialDelaySeconds: wholeSeconds(scope, 'initialDelay of a probe', initialDelay),
      }),
      ...(timeout && { timeoutSeconds: wholeSeconds(scope, 'timeout of a probe', timeout) }),
      ...(failureThreshold !== undefined && { failureThreshold }),
    };
  }
}
