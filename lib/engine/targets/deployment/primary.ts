import type { Canary } from '../../../api/canary.js';
import { apiVersion } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import { type Deployment, Deployments, type PodTemplate } from '../../../api/workloads.js';
import { sameJson } from '../../sameJson.js';
import { writeChecksums } from '../configs/bookmark.js';
import { withPrimaryConfigs } from '../configs/references.js';
import type { CopiedConfigs } from '../configs/tracker.js';
import { pick, withoutToolkit, withPrefix } from '../labels.js';
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

/** Says which configs perch copied for a primary. */
export const configsAnnotation = 'flagger.app/perch-configs';

type Settings = Omit<TargetContext, 'objects' | 'configs'>;

/** The primary of a target that has none yet. */
export function newPrimary(
  canary: Canary,
  name: string,
  target: Deployment,
  settings: Settings,
  configs: CopiedConfigs | undefined,
): Deployment {
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
        ...bookmarks(target, configs),
      },
      ownerReferences: ownedBy(canary),
    },
    spec: {
      ...copiedSettings(target),
      replicas: target.spec.replicas || 1,
      selector: { matchLabels: { [selector.label]: selector.primary } },
      template: primaryTemplate(target, settings, settings.uuid(), configs),
    },
  };
}

/** What the primary becomes when the target is promoted; undefined when it is that already. */
export function promotedPrimary(
  canary: Canary,
  primary: Deployment,
  target: Deployment,
  settings: Settings,
  configs: CopiedConfigs | undefined,
): Deployment | undefined {
  const id = primary.spec.template.metadata?.annotations?.[ID] ?? settings.uuid();
  const desired = promoted(canary, primary, target, settings, id, configs);
  if (sameJson(comparable(desired), comparable(primary))) return undefined;
  return promoted(canary, primary, target, settings, settings.uuid(), configs);
}

function promoted(
  canary: Canary,
  primary: Deployment,
  target: Deployment,
  settings: Settings,
  id: string,
  configs: CopiedConfigs | undefined,
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
        ...bookmarks(target, configs),
      },
    },
    spec: {
      ...primary.spec,
      ...copiedSettings(target),
      replicas,
      template: primaryTemplate(target, settings, id, configs),
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

function bookmarks(target: Deployment, configs: CopiedConfigs | undefined): Record<string, string> {
  return {
    [revisionAnnotation]: revisionOf(target.spec.template),
    ...(configs ? { [configsAnnotation]: writeChecksums(configs.checksums) } : {}),
  };
}

function primaryTemplate(
  target: Deployment,
  settings: Settings,
  id: string,
  configs: CopiedConfigs | undefined,
): PodTemplate {
  const { label, primary } = podSelector(target, settings.selectorLabels);
  const { metadata, spec } = target.spec.template;
  return {
    metadata: {
      ...metadata,
      labels: { ...withoutToolkit(metadata?.labels), [label]: primary },
      annotations: { ...withoutToolkit(metadata?.annotations), [ID]: id },
    },
    spec: withPrimaryConfigs(
      primaryPodSpec(spec, target.metadata.name ?? '', settings.selectorLabels),
      configs?.names ?? new Set(),
    ),
  };
}

/** What promotion writes. */
function comparable({ metadata, spec }: Deployment): unknown {
  return { labels: metadata.labels, annotations: metadata.annotations, spec };
}
