import type { Container, PodSpec } from '../../../api/workloads.js';

/** How Flagger names the two kinds in `status.trackedConfigs`. */
export type ConfigKind = 'configmap' | 'secret';

/** A ConfigMap or Secret that a pod cannot do without, unless it is optional. */
export interface ConfigReference {
  readonly kind: ConfigKind;
  readonly name: string;
  /** True only when every place that names it says so. */
  readonly optional: boolean;
}

type Fields = Record<string, unknown>;
type Visit = (reference: ConfigReference) => string;

/** A field that may hold a reference, and the field in it that holds the name. */
interface Place {
  readonly field: string;
  readonly kind: ConfigKind;
  readonly name: string;
}

const place = (field: string, kind: ConfigKind, name = 'name'): Place => ({ field, kind, name });

const inVolume = [place('configMap', 'configmap'), place('secret', 'secret', 'secretName')];
const inProjection = [place('configMap', 'configmap'), place('secret', 'secret')];
const inVariable = [place('configMapKeyRef', 'configmap'), place('secretKeyRef', 'secret')];
const inBulk = [place('configMapRef', 'configmap'), place('secretRef', 'secret')];

/** `configmap/<name>` or `secret/<name>`, as in `status.trackedConfigs`. */
export function trackedName({ kind, name }: Pick<ConfigReference, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** What a key of `status.trackedConfigs` names. */
export function readTrackedName(text: string): Pick<ConfigReference, 'kind' | 'name'> {
  const [kind, name = ''] = text.split('/');
  return { kind: kind === 'secret' ? 'secret' : 'configmap', name };
}

/**
 * Every ConfigMap and Secret that a pod's volumes (projected ones too), variables and `envFrom` name, in containers
 * and init containers, each once. Secrets for pulling images are none: they belong to the node, not to the revision.
 */
export function configReferences(spec: PodSpec): ConfigReference[] {
  const found = new Map<string, ConfigReference>();
  visitPod(spec, (reference) => {
    const id = trackedName(reference);
    const optional = reference.optional && (found.get(id)?.optional ?? true);
    found.set(id, { ...reference, optional });
    return reference.name;
  });
  return [...found.values()];
}

/** The pod spec with `-primary` behind the names of those that are `copied`. */
export function withPrimaryConfigs(spec: PodSpec, copied: ReadonlySet<string>): PodSpec {
  return visitPod(spec, (reference) =>
    copied.has(trackedName(reference)) ? `${reference.name}-primary` : reference.name,
  );
}

/** The pod spec with the names that `visit` gives instead of those that it is told. */
function visitPod(spec: PodSpec, visit: Visit): PodSpec {
  const containers = (list: Container[]) => list.map((item) => visitContainer(item, visit) as Container);
  return {
    ...spec,
    ...(spec.volumes ? { volumes: (spec.volumes as Fields[]).map((item) => visitVolume(item, visit)) } : {}),
    containers: containers(spec.containers),
    ...(spec.initContainers ? { initContainers: containers(spec.initContainers) } : {}),
  };
}

function visitVolume(volume: Fields, visit: Visit): Fields {
  const visited = visitPlaces(volume, inVolume, visit);
  const projected = visited.projected as { sources?: Fields[] } | undefined;
  if (!projected?.sources) return visited;
  const sources = projected.sources.map((source) => visitPlaces(source, inProjection, visit));
  return { ...visited, projected: { ...projected, sources } };
}

function visitContainer(container: Fields, visit: Visit): Fields {
  const { env, envFrom } = container as { env?: Fields[]; envFrom?: Fields[] };
  const variable = (item: Fields) =>
    item.valueFrom ? { ...item, valueFrom: visitPlaces(item.valueFrom as Fields, inVariable, visit) } : item;
  return {
    ...container,
    ...(env ? { env: env.map(variable) } : {}),
    ...(envFrom ? { envFrom: envFrom.map((item) => visitPlaces(item, inBulk, visit)) } : {}),
  };
}

function visitPlaces(holder: Fields, places: readonly Place[], visit: Visit): Fields {
  const result = { ...holder };
  for (const { field, kind, name } of places) {
    const source = holder[field] as Fields | undefined;
    const named = source?.[name];
    if (typeof named !== 'string' || named === '') continue;
    result[field] = { ...source, [name]: visit({ kind, name: named, optional: source?.optional === true }) };
  }
  return result;
}
