import type { Kind, KubeObject } from '../../api/kinds.js';
import type { StructuralSchema } from '../../api/schema/structural.js';
import { notServed } from './refusals.js';

/** A kind that the virtual API server serves, and how it treats its objects. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Status is written by its own path only. */
  readonly status: boolean;
  /** Counts changes of the spec in `metadata.generation`. */
  readonly generation: boolean;
  /** A PUT without resourceVersion overwrites. False for custom kinds and Leases. */
  readonly unconditionalUpdate: boolean;
  /** OpenAPI v3 schema; custom kinds only. */
  readonly schema?: StructuralSchema;
}

type Traits = Partial<Pick<ServedKind, 'namespaced' | 'status' | 'generation' | 'unconditionalUpdate'>>;

function builtin(
  group: string,
  version: string,
  kind: string,
  plural: string,
  traits: Traits = {},
): ServedKind {
  return {
    group,
    version,
    kind,
    plural,
    namespaced: true,
    status: false,
    generation: false,
    unconditionalUpdate: true,
    ...traits,
  };
}

const workload: Traits = { status: true, generation: true };
const clusterScoped: Traits = { namespaced: false };
/** As if the CRDs were there; those that are applied take their place. */
const routing: Traits = { ...workload, unconditionalUpdate: false };
const gateways = 'gateway.networking.k8s.io';
const rbac = 'rbac.authorization.k8s.io';

const builtins: readonly ServedKind[] = [
  builtin('', 'v1', 'Namespace', 'namespaces', { namespaced: false, status: true }),
  builtin('', 'v1', 'Service', 'services', { status: true }),
  builtin('', 'v1', 'ConfigMap', 'configmaps'),
  builtin('', 'v1', 'Secret', 'secrets'),
  builtin('', 'v1', 'Event', 'events'),
  builtin('', 'v1', 'ServiceAccount', 'serviceaccounts'),
  builtin('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', { status: true }),
  builtin('apps', 'v1', 'Deployment', 'deployments', workload),
  builtin('apps', 'v1', 'DaemonSet', 'daemonsets', workload),
  builtin('apps', 'v1', 'StatefulSet', 'statefulsets', workload),
  builtin('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', { status: true }),
  builtin('batch', 'v1', 'Job', 'jobs', workload),
  builtin('batch', 'v1', 'CronJob', 'cronjobs', workload),
  builtin('coordination.k8s.io', 'v1', 'Lease', 'leases', { unconditionalUpdate: false }),
  builtin('networking.k8s.io', 'v1', 'Ingress', 'ingresses', workload),
  builtin('networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', {
    namespaced: false,
    generation: true,
  }),
  builtin('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', { generation: true }),
  ...['v1', 'v1beta1'].map((version) => builtin(gateways, version, 'HTTPRoute', 'httproutes', routing)),
  builtin(gateways, 'v1', 'GRPCRoute', 'grpcroutes', routing),
  builtin(gateways, 'v1', 'Gateway', 'gateways', routing),
  builtin(gateways, 'v1', 'GatewayClass', 'gatewayclasses', { ...routing, namespaced: false }),
  builtin('networking.istio.io', 'v1beta1', 'VirtualService', 'virtualservices', routing),
  builtin('networking.istio.io', 'v1beta1', 'DestinationRule', 'destinationrules', routing),
  builtin('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', workload),
  builtin(rbac, 'v1', 'Role', 'roles'),
  builtin(rbac, 'v1', 'RoleBinding', 'rolebindings'),
  builtin(rbac, 'v1', 'ClusterRole', 'clusterroles', clusterScoped),
  builtin(rbac, 'v1', 'ClusterRoleBinding', 'clusterrolebindings', clusterScoped),
  builtin('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    namespaced: false,
    status: true,
    generation: true,
  }),
];

function key(group: string, version: string, name: string): string {
  return `${group}/${version}/${name}`;
}

/** The kinds served now: the built-in ones, and those of the CustomResourceDefinitions that were created. */
export class ServedKinds {
  private readonly byPlural = new Map<string, ServedKind>();
  private readonly byKind = new Map<string, ServedKind>();

  constructor() {
    for (const served of builtins) this.add(served);
  }

  add(served: ServedKind): void {
    this.byPlural.set(key(served.group, served.version, served.plural), served);
    this.byKind.set(key(served.group, served.version, served.kind), served);
  }

  remove(served: ServedKind): void {
    this.byPlural.delete(key(served.group, served.version, served.plural));
    this.byKind.delete(key(served.group, served.version, served.kind));
  }

  has({ group, version, plural }: Kind): boolean {
    return this.byPlural.has(key(group, version, plural));
  }

  /** Throws 404 when the kind is not served. */
  find(kind: Kind): ServedKind {
    const served = this.byPlural.get(key(kind.group, kind.version, kind.plural));
    if (!served) throw notServed();
    return served;
  }

  /** What stored objects of a kind are written as now: its definition may have changed since. */
  current(kind: ServedKind): ServedKind {
    return this.byPlural.get(key(kind.group, kind.version, kind.plural)) ?? kind;
  }

  /** The kind that an object says it is; undefined when it is not served. */
  ofObject(object: KubeObject): ServedKind | undefined {
    const parts = (object.apiVersion ?? '').split('/');
    const version = parts.pop() ?? '';
    return this.byKind.get(key(parts[0] ?? '', version, object.kind ?? ''));
  }

  /** The kinds of one group and version; each in the first version that has it when none is named. */
  ofGroup(group: string, version?: string): ServedKind[] {
    const served = [...this.byPlural.values()].filter((kind) => kind.group === group);
    if (version !== undefined) return served.filter((kind) => kind.version === version);
    return served.filter((kind) => served.find(({ plural }) => plural === kind.plural) === kind);
  }
}
