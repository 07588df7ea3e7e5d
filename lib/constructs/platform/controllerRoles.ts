import type { Rule } from '../identity.js';

const read = ['get', 'list', 'watch'];

/** What the controller does with the objects of a release, and nothing more. */
export const releaseRules: readonly Rule[] = [
  { apiGroups: ['flagger.app'], resources: ['canaries', 'metrictemplates', 'alertproviders'], verbs: read },
  { apiGroups: ['flagger.app'], resources: ['canaries/status'], verbs: ['update'] },
  // The finalizer of revertOnDeletion.
  { apiGroups: ['flagger.app'], resources: ['canaries'], verbs: ['patch'] },
  // It makes canaries the owners of what it generates; clusters that enforce it ask for this right then.
  { apiGroups: ['flagger.app'], resources: ['canaries/finalizers'], verbs: ['update'] },
  // The target is scaled by a patch, the primary is made and promoted.
  {
    apiGroups: ['apps'],
    resources: ['deployments', 'daemonsets'],
    verbs: [...read, 'create', 'update', 'patch'],
  },
  { apiGroups: [''], resources: ['services'], verbs: [...read, 'create', 'update'] },
  {
    apiGroups: ['autoscaling'],
    resources: ['horizontalpodautoscalers'],
    verbs: [...read, 'create', 'update'],
  },
  // Only asked for where a canary names one: KEDA may not be there.
  { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: [...read, 'create', 'update', 'patch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: [...read, 'create', 'patch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
  // Only asked for where a MetricTemplate names them as its provider.
  { apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['get', 'list'] },
  { apiGroups: ['metrics.keptn.sh'], resources: ['keptnmetrics'], verbs: ['get'] },
  { apiGroups: ['metrics.keptn.sh'], resources: ['analyses'], verbs: ['create', 'get', 'delete'] },
];

/** Those that pods refer to are watched, of which only the metadata is asked for, and copied for the primary. */
export const trackingRules: readonly Rule[] = [
  { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: [...read, 'create', 'update'] },
];

/** One by name, where a MetricTemplate or an AlertProvider refers to it. */
export const secretRules: readonly Rule[] = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];

/** Leader election, in the controller's own namespace. */
export const electionRules: readonly Rule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
];
