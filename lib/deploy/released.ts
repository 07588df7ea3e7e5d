import type { Canary } from '../api/canary.js';
import { isKnative } from '../api/defaults.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import { type KnativeService, KnativeServices } from '../api/knative.js';
import { revisionPrefix } from '../api/revision.js';
import {
  type Container,
  DaemonSets,
  Deployments,
  type PodTemplate,
  type Service,
  Services,
  type Workload,
} from '../api/workloads.js';
import { type Cluster, unlessMissing } from '../ports/cluster.js';

/** Names what is released as the controller does. */
export interface Naming {
  readonly revisionOf: (template: PodTemplate) => string;
  readonly serviceRevisionOf: (spec: Service['spec']) => string;
}

/** What a canary's target is now. */
interface Released {
  /** Undefined while it has no name yet. */
  readonly revision: string | undefined;
  readonly images: readonly (string | undefined)[];
}

const workloads: readonly Kind<Workload>[] = [Deployments, DaemonSets];

/** Undefined when the target is not there, or is of a kind that nobody releases. */
export async function readReleased(
  { spec: { targetRef }, metadata: { namespace = '' } }: Canary,
  cluster: Cluster,
  { revisionOf, serviceRevisionOf }: Naming,
): Promise<Released | undefined> {
  const read = <T extends KubeObject>(kind: Kind<T>) =>
    unlessMissing(cluster.get(kind, { namespace, name: targetRef.name }));
  if (isKnative(targetRef)) {
    const target = await read(KnativeServices);
    return target && { revision: newestOf(target), images: imagesOf(target.spec?.template?.spec) };
  }
  if (targetRef.kind === Services.kind) {
    const target = await read(Services);
    return target && { revision: serviceRevisionOf(target.spec), images: [] };
  }
  const kind = workloads.find((each) => each.kind === targetRef.kind);
  const template = kind && (await read(kind))?.spec.template;
  return template && { revision: revisionOf(template), images: imagesOf(template.spec) };
}

function imagesOf({ containers = [] }: { containers?: readonly Pick<Container, 'image'>[] } = {}) {
  return containers.map(({ image }) => image);
}

/** Knative names what it makes of a template, and takes its time: until then its status is about another one. */
function newestOf({ metadata, status = {} }: KnativeService): string | undefined {
  const { observedGeneration, latestCreatedRevisionName: name } = status;
  return observedGeneration === metadata.generation && name ? revisionPrefix + name : undefined;
}
