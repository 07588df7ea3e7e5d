/*
 * What ingress-nginx 1.11 to 1.15 asks of the API server, as its own static manifest grants it
 * (https://github.com/kubernetes/ingress-nginx/tree/main/deploy/static), less the admission webhook's part.
 */
const read = ['get', 'list', 'watch'];

const routingRules = [
  { apiGroups: [''], resources: ['services'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
];

export const clusterRules = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'endpoints', 'nodes', 'pods', 'secrets', 'namespaces'],
    verbs: ['list', 'watch'],
  },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
  ...routingRules,
];

export const electionId = 'ingress-nginx-leader';

export const namespaceRules = [
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  { apiGroups: [''], resources: ['configmaps', 'pods', 'secrets', 'endpoints'], verbs: read },
  ...routingRules,
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: [electionId],
    verbs: ['get', 'update'],
  },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
];
