import type { RouterName } from '../../api/providers.js';
import type { Rule } from '../identity.js';

/** Routing objects are made and patched; the cluster deletes those that a Canary owns. */
const write = ['list', 'watch', 'create', 'patch'];

const rule = (group: string, resources: readonly string[], verbs: readonly string[] = write): Rule => ({
  apiGroups: [group],
  resources,
  verbs,
});

// of the kind that routeKind no longer names, a route is looked for and taken away
const gatewayApi = [
  rule('gateway.networking.k8s.io', ['httproutes', 'grpcroutes'], ['get', ...write, 'delete']),
];
const smi = [rule('split.smi-spec.io', ['trafficsplits'])];

const kuma = rule('kuma.io', ['trafficroutes'], [...write, 'delete']);

/** Of kinds that belong to no namespace: a Role cannot grant them. */
export const clusterWideRules: readonly Rule[] = [kuma];

/** What the controller does with the objects of a provider, beside Services. */
export const routingRules = {
  nginx: [rule('networking.k8s.io', ['ingresses'])],
  kubernetes: [],
  'gatewayapi:v1': gatewayApi,
  'gatewayapi:v1beta1': gatewayApi,
  istio: [rule('networking.istio.io', ['virtualservices', 'destinationrules'])],
  linkerd: smi,
  osm: smi,
  'smi:v1alpha1': smi,
  'smi:v1alpha2': smi,
  'smi:v1alpha3': smi,
  traefik: [rule('traefik.io', ['traefikservices'])],
  contour: [rule('projectcontour.io', ['httpproxies'])],
  // its Ingress is taken away when a release ends for good
  skipper: [rule('networking.k8s.io', ['ingresses'], [...write, 'delete'])],
  gloo: [rule('gloo.solo.io', ['upstreams']), rule('gateway.solo.io', ['routetables'])],
  apisix: [rule('apisix.apache.org', ['apisixroutes'])],
  // cluster-wide, and so owned by nobody
  kuma: [kuma],
  // its Service is the user's, and of its revisions only the status matters
  knative: [
    rule('serving.knative.dev', ['services'], ['get', 'list', 'watch', 'patch']),
    rule('serving.knative.dev', ['revisions'], ['list', 'watch']),
  ],
  appmesh: [rule('appmesh.k8s.aws', ['virtualnodes', 'virtualservices'])],
  'appmesh:v1beta2': [rule('appmesh.k8s.aws', ['virtualnodes', 'virtualrouters', 'virtualservices'])],
} as const satisfies Record<RouterName, readonly Rule[]>;

const rightsFor = (provider: RouterName): string[] =>
  routingRules[provider].flatMap(({ apiGroups, resources, verbs }: Rule) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
    ),
  );

/** Whether what a controller may do with the objects of some providers is all that another's take. */
export function rightsSuffice(granted: readonly RouterName[], provider: RouterName): boolean {
  const rights = new Set(granted.flatMap(rightsFor));
  return rightsFor(provider).every((right) => rights.has(right));
}
