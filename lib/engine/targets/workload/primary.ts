import type { Canary } from '../../../api/canary.js';
import { apiVersion } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import type { PodTemplate, Workload } from '../../../api/workloads.js';
import { sameJson } from '../../sameJson.js';
import { writeChecksums } from '../configs/bookmark.js';
import { withPrimaryConfigs } from '../configs/references.js';
import type { CopiedConfigs } from '../configs/tracker.js';
import { pick, withoutToolkit, withPrefix } from '../labels.js';
import { revisionOf } from '../revision.js';
import type { TargetContext } from '../target.js';
import { podSelector } from './selector.js';
import type { WorkloadTraits } from './traits.js';

/** Says which revision perch copied into a primary. */
export const revisionAnnotation = 'flagger.app/perch-revision';

/** Says which configs perch copied for a primary. */
export const configsAnnotation = 'flagger.app/perch-configs';

/** Changes with each promotion, so that the primary's pods are replaced. */
const ID = 'flagger-id';

/** Kubernetes' own bookkeeping of rollouts: neither copied nor taken away. */
const isBookkeeping = (key: string) =>
  key.startsWith('deployment.kubernetes.io/') || key === 'deprecated.daemonset.template.generation';

/** All that a primary is made of. */
export interface Source<W extends Workload> {
  readonly canary: Canary;
  readonly target: W;
  readonly traits: WorkloadTraits<W>;
  readonly settings: Omit<TargetContext, 'objects' | 'configs'>;
  readonly configs: CopiedConfigs | undefined;
}

/** The primary of a target that has none yet. */
export function newPrimary<W extends Workload>(source: Source<W>, name: string): W {
  const { canary, target, traits, settings } = source;
  const selector = podSelector(traits.kind, target, settings.selectorLabels);
  const annotations = { ...withoutToolkit(target.metadata.annotations), ...bookmarks(source) };
  return {
    apiVersion: apiVersion(traits.kind),
    kind: traits.kind.kind,
    metadata: {
      name,
      namespace: canary.metadata.namespace,
      labels: primaryLabels(source),
      annotations,
      ownerReferences: ownedBy(canary),
    },
    spec: {
      ...traits.settings(target),
      ...traits.size(canary, target, undefined),
      selector: { matchLabels: { [selector.label]: selector.primary } },
      template: primaryTemplate(source, settings.uuid(), source.configs?.names),
    },
    // what the kind's own settings are is known to its traits alone
  } as unknown as W;
}

/** What the primary becomes when the target is promoted; undefined when it is that already. */
export function promotedPrimary<W extends Workload>(source: Source<W>, primary: W): W | undefined {
  const { uuid } = source.settings;
  const id = primary.spec.template.metadata?.annotations?.[ID] ?? uuid();
  if (sameJson(comparable(promoted(source, primary, id)), comparable(primary))) return undefined;
  return promoted(source, primary, uuid());
}

/** What promotion would make of the primary's pods. `copied` are the configs that the primary has its own of. */
export function promotedTemplate<W extends Workload>(
  source: Omit<Source<W>, 'configs'>,
  copied: ReadonlySet<string> | undefined,
  primary: W,
): PodTemplate {
  return primaryTemplate(source, primary.spec.template.metadata?.annotations?.[ID] ?? '', copied);
}

function promoted<W extends Workload>(source: Source<W>, primary: W, id: string): W {
  const { canary, target, traits, settings } = source;
  const annotations = pick(target.metadata.annotations, (key) => !isBookkeeping(key));
  const { status: _, ...rest } = primary;
  return {
    ...rest,
    metadata: {
      ...primary.metadata,
      labels: primaryLabels(source),
      annotations: {
        ...withPrefix(annotations, settings.includeLabelPrefixes),
        ...pick(primary.metadata.annotations, isBookkeeping),
        ...bookmarks(source),
      },
    },
    spec: {
      ...primary.spec,
      ...traits.settings(target),
      ...traits.size(canary, target, primary),
      template: primaryTemplate(source, id, source.configs?.names),
    },
  } as W;
}

function primaryLabels<W extends Workload>({ target, traits, settings }: Source<W>): Record<string, string> {
  const { label, primary } = podSelector(traits.kind, target, settings.selectorLabels);
  return { ...withPrefix(target.metadata.labels, settings.includeLabelPrefixes), [label]: primary };
}

function bookmarks<W extends Workload>({ target, traits, configs }: Source<W>): Record<string, string> {
  return {
    [revisionAnnotation]: revisionOf(traits.template(target)),
    ...(configs ? { [configsAnnotation]: writeChecksums(configs.checksums) } : {}),
  };
}

function primaryTemplate<W extends Workload>(
  { target, traits, settings }: Omit<Source<W>, 'configs'>,
  id: string,
  copied: ReadonlySet<string> | undefined,
): PodTemplate {
  const { label, primary } = podSelector(traits.kind, target, settings.selectorLabels);
  const { metadata, spec } = traits.template(target);
  const own = traits.primaryPodSpec(spec, target.metadata.name ?? '', settings.selectorLabels);
  return {
    metadata: {
      ...metadata,
      labels: { ...withoutToolkit(metadata?.labels), [label]: primary },
      annotations: { ...withoutToolkit(metadata?.annotations), [ID]: id },
    },
    spec: copied ? withPrimaryConfigs(own, copied) : own,
  };
}

/** What promotion writes. */
function comparable({ metadata, spec }: Workload): unknown {
  return { labels: metadata.labels, annotations: metadata.annotations, spec };
}
