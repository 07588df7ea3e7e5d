import type { Canary } from '../../../api/canary.js';
import { apiVersion } from '../../../api/kinds.js';
import { type Deployment, Deployments, type PodTemplate } from '../../../api/workloads.js';
import { sameJson } from '../../sameJson.js';
import { pick, withoutToolkit, withPrefix } from '../labels.js';
import { ownedBy } from '../ownership.js';
import { revisionOf } from '../revision.js';
import type { TargetContext } from '../target.js';
import { primaryPodSpec } from './affinity.js';
import { podSelector } from './selector.js';

/** Says which revision perch copied into a primary. */
export const revisionAnnotation = 'flagger.app/perch-revision';

/** Changes with each promotion, so that the primary's pods are replaced. */
const ID = 'flagger-id';

/** The Deployment controller's own bookkeeping: neither copied nor taken away. */
const isBookkeeping = (key: string) => key.startsWith('deployment.kubernetes.io/');

type Settings = Omit<TargetContext, 'objects'>;

/** The primary of a target that has none yet. */
export function newPrimary(canary: Canary, name: string, target: Deployment, settings: Settings): Deployment {
  const selector = podSelector(target, settings.selectorLabels);
  return {
    apiVersion: apiVersion(Deployments),
    kind: Deployments.kind,
    metadata: {
      name,
      namespace: canary.metadata.namespace,
      labels: primaryLabels(target, settings),
      annotations: {
        ...withoutToolkit(target.metadata.annotations),
        [revisionAnnotation]: revisionOf(target.spec.template),
      },
      ownerReferences: ownedBy(canary),
    },
    spec: {
      ...copiedSettings(target),
      replicas: target.spec.replicas || 1,
      selector: { matchLabels: { [selector.label]: selector.primary } },
      template: primaryTemplate(target, settings, settings.uuid()),
    },
  };
}

/** What the primary becomes when the target is promoted; undefined when it is that already. */
export function promotedPrimary(
  canary: Canary,
  primary: Deployment,
  target: Deployment,
  settings: Settings,
): Deployment | undefined {
  const id = primary.spec.template.metadata?.annotations?.[ID] ?? settings.uuid();
  const desired = promoted(canary, primary, target, settings, id);
  if (sameJson(comparable(desired), comparable(primary))) return undefined;
  return promoted(canary, primary, target, settings, settings.uuid());
}

function promoted(
  canary: Canary,
  primary: Deployment,
  target: Deployment,
  settings: Settings,
  id: string,
): Deployment {
  const replicas = canary.spec.autoscalerRef ? primary.spec.replicas : target.spec.replicas;
  const annotations = pick(target.metadata.annotations, (key) => !isBookkeeping(key));
  const { status: _, ...rest } = primary;
  return {
    ...rest,
    metadata: {
      ...primary.metadata,
      labels: primaryLabels(target, settings),
      annotations: {
        ...withPrefix(annotations, settings.includeLabelPrefixes),
        ...pick(primary.metadata.annotations, isBookkeeping),
        [revisionAnnotation]: revisionOf(target.spec.template),
      },
    },
    spec: {
      ...primary.spec,
      ...copiedSettings(target),
      replicas,
      template: primaryTemplate(target, settings, id),
    },
  };
}

function copiedSettings({ spec }: Deployment) {
  const { progressDeadlineSeconds, minReadySeconds, revisionHistoryLimit, strategy } = spec;
  return { progressDeadlineSeconds, minReadySeconds, revisionHistoryLimit, strategy };
}

function primaryLabels(target: Deployment, settings: Settings): Record<string, string> {
  const { label, primary } = podSelector(target, settings.selectorLabels);
  return { ...withPrefix(target.metadata.labels, settings.includeLabelPrefixes), [label]: primary };
}

function primaryTemplate(target: Deployment, settings: Settings, id: string): PodTemplate {
  const { label, primary } = podSelector(target, settings.selectorLabels);
  const { metadata, spec } = target.spec.template;
  return {
    metadata: {
      ...metadata,
      labels: { ...withoutToolkit(metadata?.labels), [label]: primary },
      annotations: { ...withoutToolkit(metadata?.annotations), [ID]: id },
    },
    spec: primaryPodSpec(spec, target.metadata.name ?? '', settings.selectorLabels),
  };
}

/** What promotion writes. */
function comparable({ metadata, spec }: Deployment): unknown {
  return { labels: metadata.labels, annotations: metadata.annotations, spec };
}
