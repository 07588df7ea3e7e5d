import { AlertProviders } from '../api/alertProvider.js';
import { Canaries, type Canary } from '../api/canary.js';
import { apiVersion, type Kind, type KubeObject } from '../api/kinds.js';
import { MetricTemplates } from '../api/metricTemplate.js';
import { Deployments, HorizontalPodAutoscalers, Ingresses } from '../api/workloads.js';
import { ApiError, type Cluster } from '../ports/cluster.js';
import { findFlagger } from './flagger.js';

/** Written by kubectl apply: the manifest as its author has it. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What a cluster has to do with Flagger: its three kinds, Flagger itself, and the Deployments, autoscalers and
 * Ingresses that canaries name; in one namespace, or all. Throws what the API server answers.
 */
export async function takeInventory(cluster: Cluster, namespace: string | undefined): Promise<KubeObject[]> {
  const list = async <T extends KubeObject>(kind: Kind<T>, scope = namespace): Promise<T[]> => {
    const { items } = await cluster
      .list(kind, scope === undefined ? {} : { namespace: scope })
      .catch(noneServed);
    return items.map((item) => ({ ...item, apiVersion: apiVersion(kind), kind: kind.kind }));
  };
  const canaries = await list(Canaries);
  const named = namesOf(canaries);
  const surroundings = [Deployments, HorizontalPodAutoscalers, Ingresses] as readonly Kind[];
  const [templates, providers, ...others] = await Promise.all([
    list(MetricTemplates),
    list(AlertProviders),
    // Flagger is in a namespace of its own.
    ...surroundings.map((kind) => list(kind, kind === Deployments ? undefined : namespace)),
  ]);
  const concerned = others
    .flat()
    .filter((object) => named.has(keyOf(object)) || findFlagger([object]).length > 0);
  return [...concerned, ...canaries, ...templates, ...providers];
}

/** The manifest behind a live object: as applied, or else without what the API server and Flagger added. */
export function manifestOf(object: KubeObject): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const applied = annotations[lastApplied];
  if (applied !== undefined) return JSON.parse(applied) as KubeObject;
  const { name, namespace, labels } = metadata;
  const rest = Object.entries(annotations).filter(([key]) => !key.startsWith('deployment.kubernetes.io/'));
  return {
    ...withoutReplicas(object),
    metadata: { name, namespace, labels, annotations: Object.fromEntries(rest) },
  };
}

/** Flagger scales a target to zero between releases: a number that nobody asked for. */
function withoutReplicas(object: KubeObject): KubeObject {
  if (object.kind !== Deployments.kind) return object;
  const { spec, ...rest } = object as KubeObject & { spec: { replicas?: number } };
  const { replicas: _, ...kept } = spec;
  return { ...rest, spec: kept } as KubeObject;
}

function namesOf(canaries: readonly Canary[]): Set<string> {
  return new Set(
    canaries.flatMap(({ metadata: { namespace }, spec }) =>
      [spec.targetRef, spec.autoscalerRef, spec.ingressRef, ...(spec.ingressRefs ?? [])].flatMap(
        (reference) =>
          reference ? [keyOf({ kind: reference.kind, metadata: { namespace, name: reference.name } })] : [],
      ),
    ),
  );
}

function keyOf({ kind, metadata }: KubeObject): string {
  return [kind, metadata.namespace, metadata.name].join(' ');
}

/** A cluster that has never had Flagger does not serve its kinds. */
function noneServed(error: unknown): { items: never[] } {
  if (error instanceof ApiError && error.isMissing) return { items: [] };
  throw error;
}
