import type { KubeObject } from '../../lib/api/kinds.js';

/** What others define, by group: kind, plural and versions. Kuma's is the whole cluster's. */
const kinds: Readonly<Record<string, readonly [kind: string, plural: string, ...versions: string[]][]>> = {
  'gateway.networking.k8s.io': [
    ['HTTPRoute', 'httproutes', 'v1', 'v1beta1'],
    ['GRPCRoute', 'grpcroutes', 'v1'],
  ],
  'networking.istio.io': [
    ['VirtualService', 'virtualservices', 'v1beta1'],
    ['DestinationRule', 'destinationrules', 'v1beta1'],
  ],
  'split.smi-spec.io': [['TrafficSplit', 'trafficsplits', 'v1alpha1']],
  'traefik.io': [
    ['TraefikService', 'traefikservices', 'v1alpha1'],
    ['IngressRoute', 'ingressroutes', 'v1alpha1'],
  ],
  'projectcontour.io': [['HTTPProxy', 'httpproxies', 'v1']],
  'gloo.solo.io': [['Upstream', 'upstreams', 'v1']],
  'gateway.solo.io': [['RouteTable', 'routetables', 'v1']],
  'apisix.apache.org': [['ApisixRoute', 'apisixroutes', 'v2']],
  'kuma.io': [['TrafficRoute', 'trafficroutes', 'v1alpha1']],
  'serving.knative.dev': [
    ['Service', 'services', 'v1'],
    ['Revision', 'revisions', 'v1'],
  ],
  'appmesh.k8s.aws': [
    ['VirtualNode', 'virtualnodes', 'v1beta2'],
    ['VirtualRouter', 'virtualrouters', 'v1beta2'],
    ['VirtualService', 'virtualservices', 'v1beta2'],
  ],
  'keda.sh': [['ScaledObject', 'scaledobjects', 'v1alpha1']],
  'metrics.keptn.sh': [
    ['KeptnMetric', 'keptnmetrics', 'v1beta1'],
    ['Analysis', 'analyses', 'v1beta1'],
  ],
  // as if an adapter served the metric `queue-depth`, and the one that is asked for to see whether it does
  'external.metrics.k8s.io': [
    ['QueueDepth', 'queue-depth', 'v1beta1'],
    ['DummyMetric', 'dummy-metric', 'v1beta1'],
  ],
};

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** Definitions of all that a platform may route, scale or measure by, which take whatever they are given. */
export function foreignDefinitions(): KubeObject[] {
  return Object.entries(kinds).flatMap(([group, list]) =>
    list.map(([kind, plural, ...versions]) => {
      const annotations = { 'api-approved.kubernetes.io': 'unapproved, stands in for the real one' };
      return {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.${group}`, annotations },
        spec: {
          group,
          names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
          scope: group === 'kuma.io' ? 'Cluster' : 'Namespaced',
          versions: versions.map((name, at) => ({
            name,
            served: true,
            storage: at === 0,
            subresources: { status: {} },
            schema: { openAPIV3Schema: anything },
          })),
        },
      };
    }),
  );
}
