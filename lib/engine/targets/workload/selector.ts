import { PerchError } from '../../../api/errors.js';
import type { Kind } from '../../../api/kinds.js';
import type { Workload } from '../../../api/workloads.js';

/** The one label that tells a workload's pods, and those of its primary. */
export interface PodSelector {
  readonly label: string;
  readonly canary: string;
  readonly primary: string;
}

/** The first of `selectorLabels` that the workload selects by; every other label of its selector is ignored. */
export function podSelector(kind: Kind, workload: Workload, selectorLabels: readonly string[]): PodSelector {
  const { name, namespace } = workload.metadata;
  const matchLabels = workload.spec.selector.matchLabels ?? {};
  const label = selectorLabels.find((candidate) => matchLabels[candidate] !== undefined);
  const value = label && matchLabels[label];
  if (label && value !== undefined) return { label, canary: value, primary: `${value}-primary` };
  throw new PerchError({
    code: 'ENGINE_SELECTOR_LABEL',
    message: `${kind.kind.toLowerCase()} ${name}.${namespace} spec.selector.matchLabels must contain one of [${selectorLabels.join(' ')}]`,
    remedy: 'select the pods by one of these labels, or name yours in the flag -selector-labels',
    path: 'spec.selector.matchLabels',
  });
}
