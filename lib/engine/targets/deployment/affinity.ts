import type { PodSpec } from '../../../api/workloads.js';

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface AffinityTerm {
  labelSelector?: LabelSelector;
}

interface PodAntiAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: AffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: { podAffinityTerm?: AffinityTerm }[];
}

/**
 * The pod spec of the primary: where anti-affinity and topology spread speak of the target's own pods (a selector
 * label with the Deployment's name), they shall speak of the primary's. Affinity to others is left alone.
 */
export function primaryPodSpec(
  spec: PodSpec,
  targetName: string,
  selectorLabels: readonly string[],
): PodSpec {
  const rename = (selector: LabelSelector) => primarySelector(selector, targetName, selectorLabels);
  const result = { ...spec };
  const affinity = spec.affinity as { podAntiAffinity?: PodAntiAffinity } | undefined;
  if (affinity?.podAntiAffinity) {
    result.affinity = { ...affinity, podAntiAffinity: primaryAntiAffinity(affinity.podAntiAffinity, rename) };
  }
  const spread = spec.topologySpreadConstraints as AffinityTerm[] | undefined;
  if (spread) result.topologySpreadConstraints = spread.map((term) => primaryTerm(term, rename));
  return result;
}

type Rename = (selector: LabelSelector) => LabelSelector;

function primaryAntiAffinity(rule: PodAntiAffinity, rename: Rename): PodAntiAffinity {
  const result = { ...rule };
  const required = rule.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = rule.preferredDuringSchedulingIgnoredDuringExecution;
  if (required) {
    result.requiredDuringSchedulingIgnoredDuringExecution = required.map((term) => primaryTerm(term, rename));
  }
  if (preferred) {
    result.preferredDuringSchedulingIgnoredDuringExecution = preferred.map((term) =>
      term.podAffinityTerm ? { ...term, podAffinityTerm: primaryTerm(term.podAffinityTerm, rename) } : term,
    );
  }
  return result;
}

function primaryTerm<T extends AffinityTerm>(term: T, rename: Rename): T {
  return term.labelSelector ? { ...term, labelSelector: rename(term.labelSelector) } : term;
}

function primarySelector(
  selector: LabelSelector,
  targetName: string,
  selectorLabels: readonly string[],
): LabelSelector {
  const primary = `${targetName}-primary`;
  const result = { ...selector };
  if (selector.matchLabels) {
    result.matchLabels = Object.fromEntries(
      Object.entries(selector.matchLabels).map(([key, value]) =>
        selectorLabels.includes(key) && value === targetName ? [key, primary] : [key, value],
      ),
    );
  }
  result.matchExpressions = selector.matchExpressions?.map((expression) => {
    const at = selectorLabels.includes(expression.key) ? (expression.values ?? []).indexOf(targetName) : -1;
    return at < 0 ? expression : { ...expression, values: expression.values?.with(at, primary) };
  });
  if (!result.matchExpressions) delete result.matchExpressions;
  return result;
}
