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
    resources: ['deployments'],
    verbs: [...read, 'create', 'update', 'patch'],
  },
  { apiGroups: [''], resources: ['services'], verbs: [...read, 'create', 'update'] },
  {
    apiGroups: ['autoscaling'],
    resources: ['horizontalpodautoscalers'],
    verbs: [...read, 'create', 'update'],
  },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: [...read, 'create', 'patch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
];

/** What not every cluster has, or needs; each with the rights that it takes. */
export const supportRules = {
  daemonSets: [
    { apiGroups: ['apps'], resources: ['daemonsets'], verbs: [...read, 'create', 'update', 'patch'] },
  ],
  keda: [
    { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: [...read, 'create', 'update', 'patch'] },
  ],
  externalMetrics: [{ apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['get', 'list'] }],
  keptn: [
    { apiGroups: ['metrics.keptn.sh'], resources: ['keptnmetrics'], verbs: ['get'] },
    { apiGroups: ['metrics.keptn.sh'], resources: ['analyses'], verbs: ['create', 'get', 'delete'] },
  ],
} as const satisfies Record<string, readonly Rule[]>;

/** What a controller may be granted beside Deployments and their autoscalers. */
export type Support = keyof typeof supportRules;

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
