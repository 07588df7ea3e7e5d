import { progressDeadlineSeconds } from '../../../api/defaults.js';
import { type Deployment, Deployments } from '../../../api/workloads.js';
import type { TargetFactory } from '../target.js';
import type { Standing, WorkloadTraits } from '../workload/traits.js';
import { workloadTarget } from '../workload/workload.js';
import { primaryPodSpec } from './affinity.js';
import { deploymentReadiness } from './readiness.js';

const traits: WorkloadTraits<Deployment> = {
  kind: Deployments,
  check: () => {},
  template: ({ spec }) => spec.template,
  primaryPodSpec,
  settings({ spec }) {
    const { progressDeadlineSeconds, minReadySeconds, revisionHistoryLimit, strategy } = spec;
    return { progressDeadlineSeconds, minReadySeconds, revisionHistoryLimit, strategy } as Partial<
      Deployment['spec']
    >;
  },
  size(canary, { spec }, primary) {
    if (!primary) return { replicas: spec.replicas || 1 };
    // A target that somebody puts to sleep during a run must not take production with it.
    const replicas = canary.spec.autoscalerRef
      ? primary.spec.replicas
      : spec.replicas || primary.spec.replicas;
    return { replicas } as Partial<Deployment['spec']>;
  },
  readiness: (canary, deployment, thresholdPercent, now) =>
    deploymentReadiness(deployment, progressDeadlineSeconds(canary.spec), thresholdPercent, now),
  available: ({ status }) => status?.availableReplicas ?? 0,
  isAsleep: ({ spec }) => spec.replicas === 0,
  scaling(standing, to) {
    const current = standing.target.spec.replicas ?? 1;
    const wanted = to === 'zero' ? 0 : current > 0 ? current : replicasFromZero(standing);
    return wanted === current ? undefined : { spec: { replicas: wanted } };
  },
  reverting(standing) {
    const current = standing.target.spec.replicas ?? 1;
    const wanted = Math.max(current, standing.primary?.spec.replicas || replicasFromZero(standing));
    return wanted === current ? undefined : { spec: { replicas: wanted } };
  },
};

/** As many pods as the target can be expected to need. */
function replicasFromZero({ primary, minReplicas }: Standing<Deployment>): number {
  return minReplicas ?? Math.max(1, primary?.spec.replicas ?? 1);
}

/** Releases a Deployment: the target itself runs the new revision, `<target>-primary` the proven one. */
export const deploymentTarget: TargetFactory = (context) => workloadTarget(context, traits);
