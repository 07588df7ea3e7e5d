import type { Rule } from '../identity.js';

/** Into the caches. */
const watch = ['list', 'watch'];
/** And one by one, after a conflict. */
const read = ['get', ...watch];

/** What the controller does with the objects of a release, and nothing more. */
export const releaseRules: readonly Rule[] = [
  { apiGroups: ['flagger.app'], resources: ['canaries'], verbs: read },
  { apiGroups: ['flagger.app'], resources: ['metrictemplates', 'alertproviders'], verbs: watch },
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
  externalMetrics: [{ apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['list'] }],
  keptn: [
    { apiGroups: ['metrics.keptn.sh'], resources: ['keptnmetrics'], verbs: ['get'] },
    { apiGroups: ['metrics.keptn.sh'], resources: ['analyses'], verbs: ['create', 'get', 'delete'] },
  ],
} as const satisfies Record<string, readonly Rule[]>;

/** What a controller may be granted beside Deployments and their autoscalers. */
export type Support = keyof typeof supportRules;

/** ConfigMaps that pods refer to are watched, of which only the metadata is asked for, and copied for the primary. */
export const trackingRules: readonly Rule[] = [
  { apiGroups: [''], resources: ['configmaps'], verbs: [...read, 'create', 'update'] },
];

/**
 * Where admission lets only those change an object's owners who may delete it: of a Service that is given back to its
 * user, of a copy that several canaries share. Nothing is ever deleted.
 */
export function ownerRules(tracks: boolean, secrets: 'named' | 'all'): readonly Rule[] {
  const copies = ['configmaps', ...(secrets === 'all' ? ['secrets'] : [])];
  const resources = ['services', ...(tracks ? copies : [])];
  return [{ apiGroups: [''], resources, verbs: ['delete'] }];
}

/** All Secrets: as ConfigMaps where they are tracked; else to be read, where a template or a provider refers to one. */
export function allSecretsRules(tracks: boolean): readonly Rule[] {
  const verbs = tracks ? [...read, 'create', 'update'] : ['get'];
  return [{ apiGroups: [''], resources: ['secrets'], verbs }];
}

/** Leader election, by Flagger's Lease, in the namespace that is watched, or else the controller's own. */
export const electionRules: readonly Rule[] = [
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ['flagger-leader-election'],
    verbs: ['get', 'update'],
  },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
];
