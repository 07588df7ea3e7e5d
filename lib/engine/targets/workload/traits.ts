import type { Canary } from '../../../api/canary.js';
import type { Kind } from '../../../api/kinds.js';
import type { PodSpec, PodTemplate, Workload } from '../../../api/workloads.js';
import type { Readiness } from '../../../core/observation.js';

/** Where the target stands when it is asked to go to sleep or wake up. */
export interface Standing<W extends Workload> {
  readonly canary: Canary;
  readonly target: W;
  readonly primary: W | undefined;
  /** Fewest pods that the target's autoscaler wants; undefined without one. */
  readonly minReplicas: number | undefined;
}

/** What one kind of workload with a pod template does otherwise than the others. */
export interface WorkloadTraits<W extends Workload> {
  readonly kind: Kind<W>;
  /** Throws a PerchError when such a target cannot be released. */
  check(target: W): void;
  /** The pod template as its author wrote it. */
  template(target: W): PodTemplate;
  /** The pod spec for the primary, but for its configs. */
  primaryPodSpec(spec: PodSpec, targetName: string, selectorLabels: readonly string[]): PodSpec;
  /** Settings beside the template that the primary takes over. */
  settings(target: W): Partial<W['spec']>;
  /** Settings about the number of pods that the primary takes over when it is made, or promoted. */
  size(canary: Canary, target: W, primary: W | undefined): Partial<W['spec']>;
  /** @param thresholdPercent share of the pods that must be available. */
  readiness(canary: Canary, workload: W, thresholdPercent: number, now: number): Readiness;
  /** Pods that can serve, of whatever template. */
  available(workload: W): number;
  /** Does it ask for no pod? */
  isAsleep(target: W): boolean;
  /** A merge patch that takes the target's pods away or brings them back; undefined when nothing need change. */
  scaling(standing: Standing<W>, to: 'zero' | 'up'): unknown | undefined;
  /** A merge patch that gives the target as many pods as the primary has; undefined when it has no fewer. */
  reverting(standing: Standing<W>): unknown | undefined;
}
