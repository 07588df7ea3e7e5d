import type { Rule } from '../identity.js';

const read = ['get', 'list', 'watch'];
const write = ['create', 'update', 'patch'];

/** What the controller does with the objects of a release, and nothing more. */
export const releaseRules: readonly Rule[] = [
  { apiGroups: ['flagger.app'], resources: ['canaries'], verbs: [...read, 'update', 'patch'] },
  // Owners of the generated objects: clusters that enforce it ask for the right to block their deletion.
  { apiGroups: ['flagger.app'], resources: ['canaries/finalizers'], verbs: ['update'] },
  { apiGroups: ['flagger.app'], resources: ['canaries/status'], verbs: ['get', 'update', 'patch'] },
  { apiGroups: ['flagger.app'], resources: ['metrictemplates', 'alertproviders'], verbs: read },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: [...read, ...write] },
  { apiGroups: [''], resources: ['services'], verbs: [...read, ...write] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: [...read, ...write] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: [...read, ...write, 'delete'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  // One by name, where a MetricTemplate or an AlertProvider refers to it.
  { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
];

/** Leader election, in the controller's own namespace. */
export const electionRules: readonly Rule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
];
