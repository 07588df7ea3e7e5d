import type { KubeObject } from '../api/kinds.js';

/**
 * Kinds that others need, in the order in which they are needed. What is not named comes after all of these; custom
 * kinds come after that, and admission webhooks last, since they judge what comes after them.
 */
const foundations = [
  ['CustomResourceDefinition'],
  ['Namespace'],
  ['PriorityClass', 'StorageClass', 'IngressClass', 'GatewayClass'],
  ['ResourceQuota', 'LimitRange', 'NetworkPolicy', 'PodDisruptionBudget'],
  ['ServiceAccount'],
  ['ClusterRole', 'Role'],
  ['ClusterRoleBinding', 'RoleBinding'],
  ['ConfigMap', 'Secret', 'PersistentVolume', 'PersistentVolumeClaim'],
  ['Service'],
] as const;

/** A Canary comes after the templates and providers that it names. */
const flaggerKinds = ['AlertProvider', 'MetricTemplate', 'Canary'];

const ranks = new Map<string, number>(
  foundations.flatMap((kinds, rank) => kinds.map((kind) => [kind, rank] as const)),
);

const builtInGroup = /^(v1|(apps|batch|autoscaling|policy)\/.*|[^/]+\.k8s\.io\/.*)$/;

function rankOf({ apiVersion = '', kind = '' }: KubeObject): number {
  if (/WebhookConfiguration$/.test(kind)) return 1000;
  if (apiVersion.startsWith('flagger.app/')) return 200 + flaggerKinds.indexOf(kind);
  if (!builtInGroup.test(apiVersion)) return 100;
  return ranks.get(kind) ?? 50;
}

/** The objects in the order in which they are created; those of one rank as the program has them. */
export function inOrder<T extends { readonly object: KubeObject }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => rankOf(a.object) - rankOf(b.object));
}
