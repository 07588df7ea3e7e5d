import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { constructError } from '../failure.js';
import { wholeSeconds } from '../period.js';
import type { Shape } from '../shape.js';
import { checkNumber } from './range.js';

/** What Kubernetes gives a pod to end in, when nothing is said. */
const usualGraceSeconds = 30;
/** Until a rolling update has failed, when nothing is said; `minReadySeconds` has to be less. */
const usualDeadlineSeconds = 600;

/**
 * How a pod comes and goes without a failed request. Proxies hear of either a moment after Kubernetes does: a pod that
 * counts at once is sent requests it cannot get yet, one that ends at once is sent requests it cannot answer any more.
 */
export interface HandoverProps {
  /**
   * How long a new pod must have been ready before it counts: before the canary is judged, and before an old pod is taken
   * away for it. Whole seconds, less than 10 minutes and than `progressDeadline`; zero: it counts at once.
   * @default 5 seconds
   */
  readonly minReady?: Duration;
  /**
   * How long a pod that is to end answers on, before its program is told to end. Kubernetes itself does the waiting, the
   * image needs no shell (`lifecycle.preStop.sleep`, from Kubernetes 1.30). Whole seconds; zero: none, for a program
   * that answers on by itself, or an older Kubernetes.
   * @default 10 seconds
   */
  readonly preStopSleep?: Duration;
  /**
   * How long a pod may take to end, `preStopSleep` included, before it is killed; whole seconds, more than `preStopSleep`.
   * @default - 30 seconds more than `preStopSleep`: what a program has without perch
   */
  readonly terminationGracePeriod?: Duration;
}

export const handoverShape: Shape<HandoverProps> = {
  minReady: 'duration',
  preStopSleep: 'duration',
  terminationGracePeriod: 'duration',
};

/** What the Deployment, its pods and their container have of it. */
export interface Handover {
  readonly deployment: { readonly minReadySeconds?: number };
  readonly pod: { readonly terminationGracePeriodSeconds?: number };
  readonly container: { readonly lifecycle?: object };
}

export function renderHandover(
  scope: Construct,
  props: HandoverProps & { readonly progressDeadline?: Duration },
): Handover {
  const { minReady = Duration.seconds(5), preStopSleep = Duration.seconds(10) } = props;
  const minReadySeconds = wholeSeconds(scope, 'minReady', minReady, 0);
  checkNumber(scope, 'seconds of minReady', minReadySeconds, { min: 0, max: usualDeadlineSeconds - 1 });
  checkDeadline(scope, minReadySeconds, props.progressDeadline);
  const sleep = wholeSeconds(scope, 'preStopSleep', preStopSleep, 0);
  const grace = graceSeconds(scope, sleep, props.terminationGracePeriod);
  return {
    deployment: minReadySeconds > 0 ? { minReadySeconds } : {},
    pod: grace === undefined ? {} : { terminationGracePeriodSeconds: grace },
    container: sleep > 0 ? { lifecycle: { preStop: { sleep: { seconds: sleep } } } } : {},
  };
}

function checkDeadline(scope: Construct, minReadySeconds: number, period: Duration | undefined): void {
  const deadline = period?.toSeconds({ integral: false });
  if (deadline === undefined || deadline > minReadySeconds) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_OUT_OF_RANGE',
    message: `progressDeadline: expected more than minReady, which is ${minReadySeconds} s, got ${deadline} s`,
    remedy: 'lengthen progressDeadline, or shorten minReady: no version gets ready in less',
  });
}

/** Undefined: Kubernetes's own. */
function graceSeconds(scope: Construct, sleep: number, period: Duration | undefined): number | undefined {
  if (!period) return sleep > 0 ? sleep + usualGraceSeconds : undefined;
  const grace = wholeSeconds(scope, 'terminationGracePeriod', period);
  if (grace > sleep) return grace;
  throw constructError(scope, {
    code: 'CONSTRUCT_GRACE_PERIOD',
    message: `terminationGracePeriod: expected more than preStopSleep, which is part of it, got ${grace} s with a preStopSleep of ${sleep} s`,
    remedy:
      'give the pod time to end after its sleep: a longer terminationGracePeriod, or a shorter preStopSleep',
  });
}
