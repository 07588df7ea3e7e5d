import type { Workload } from '../../api/workloads.js';
import type { Clock } from '../../ports/clock.js';
import type { Pod, Pods } from './pods.js';

/** A pod that is ready now counts as available, and `then` is called, once it has stayed so for `minReadySeconds`. */
export function becomeAvailable(
  { clock, pods }: { readonly clock: Clock; readonly pods: Pods },
  pod: Pod,
  { spec }: Workload,
  then: () => void,
): void {
  const { restarts } = pod;
  const { minReadySeconds = 0 } = spec;
  if (minReadySeconds === 0) {
    pods.markAvailable(pod);
    return;
  }
  clock.timer(minReadySeconds * 1000, () => {
    if (!pods.has(pod) || pod.restarts !== restarts) return;
    pods.markAvailable(pod);
    then();
  });
}
