import { PerchError } from '../../../api/errors.js';
import { type DaemonSet, DaemonSets, type PodTemplate } from '../../../api/workloads.js';
import { pick } from '../labels.js';
import type { TargetFactory } from '../target.js';
import type { WorkloadTraits } from '../workload/traits.js';
import { workloadTarget } from '../workload/workload.js';
import { daemonSetReadiness } from './readiness.js';

/** A DaemonSet sleeps by asking for nodes that there are none of; Flagger's label. */
const ASLEEP = 'flagger.app/scale-to-zero';

const traits: WorkloadTraits<DaemonSet> = {
  kind: DaemonSets,
  check(target) {
    const type = target.spec.updateStrategy?.type ?? 'RollingUpdate';
    if (type === 'RollingUpdate') return;
    const { name, namespace } = target.metadata;
    throw new PerchError({
      code: 'ENGINE_DAEMONSET_STRATEGY',
      message: `daemonset ${name}.${namespace} must have RollingUpdate strategy but have ${type}`,
      remedy: 'set spec.updateStrategy.type of the DaemonSet to RollingUpdate',
      path: 'spec.updateStrategy.type',
    });
  },
  template: awake,
  primaryPodSpec: (spec) => spec,
  settings({ spec }) {
    const { minReadySeconds, revisionHistoryLimit, updateStrategy } = spec;
    return { minReadySeconds, revisionHistoryLimit, updateStrategy } as Partial<DaemonSet['spec']>;
  },
  size: () => ({}),
  readiness: daemonSetReadiness,
  available: ({ status }) => status?.numberAvailable ?? 0,
  isAsleep,
  scaling: ({ target }, to) => patchOf(target, to),
  reverting: ({ target }) => patchOf(target, 'up'),
};

function patchOf(target: DaemonSet, to: 'zero' | 'up'): unknown | undefined {
  if (isAsleep(target) === (to === 'zero')) return undefined;
  const nodeSelector = { [ASLEEP]: to === 'zero' ? 'true' : null };
  return { spec: { template: { spec: { nodeSelector } } } };
}

function selectorOf({ spec }: DaemonSet): Record<string, string> | undefined {
  return spec.template.spec.nodeSelector as Record<string, string> | undefined;
}

function isAsleep(target: DaemonSet): boolean {
  return selectorOf(target)?.[ASLEEP] !== undefined;
}

/** The template without what puts it to sleep, which is no part of the revision. */
function awake(target: DaemonSet): PodTemplate {
  const { template } = target.spec;
  if (!isAsleep(target)) return template;
  const { nodeSelector: _, ...spec } = template.spec;
  const rest = pick(selectorOf(target), (key) => key !== ASLEEP);
  return {
    ...template,
    spec: { ...spec, ...(Object.keys(rest).length > 0 ? { nodeSelector: rest } : {}) } as PodTemplate['spec'],
  };
}

/** Releases a DaemonSet, on all of its nodes at once: node for node there are a primary's pod and a canary's. */
export const daemonSetTarget: TargetFactory = (context) => workloadTarget(context, traits);
