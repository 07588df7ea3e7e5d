import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { define, defineClusterWide } from './manifest.js';

/** One line of a Role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface IdentityProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Granted in every namespace. */
  readonly clusterRules?: readonly Rule[] | undefined;
  /** Granted in some namespaces only. */
  readonly namespaceRules?: Readonly<Record<string, readonly Rule[]>>;
}

const rbac = 'rbac.authorization.k8s.io';

/** A ServiceAccount. */
export interface Account {
  readonly name: string;
  readonly namespace: string;
}

export interface GrantProps {
  /** Of the Role and its binding. */
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly rules: readonly Rule[];
  readonly to: Account;
}

/** Gives an account rights in one namespace. */
export function defineGrant(scope: Construct, id: string, { to, rules, ...metadata }: GrantProps): void {
  define(scope, `role-${id}`, { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules });
  define(scope, `binding-${id}`, {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', ...to }],
  });
}

/** Rules of several sources, namespace by namespace. */
export function mergeRules(
  sources: readonly Readonly<Record<string, readonly Rule[]>>[],
): Record<string, readonly Rule[]> {
  const merged: Record<string, Rule[]> = {};
  for (const [namespace, rules] of sources.flatMap((source) => Object.entries(source))) {
    merged[namespace] = [...(merged[namespace] ?? []), ...rules];
  }
  return merged;
}

/** Makes a ServiceAccount and binds it to the given rules. */
export function defineIdentity(scope: Construct, props: IdentityProps): ApiObject {
  const { name, namespace, labels } = props;
  const account = define(scope, 'account', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels },
  });
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  if (props.clusterRules) {
    // Cluster-wide names carry the namespace, so that two installations do not share a role.
    const metadata = { name: name.startsWith(namespace) ? name : `${namespace}-${name}`, labels };
    defineClusterWide(scope, 'cluster-role', {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata,
      rules: props.clusterRules,
    });
    defineClusterWide(scope, 'cluster-binding', {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
      subjects,
    });
  }
  for (const [where, rules] of Object.entries(props.namespaceRules ?? {})) {
    defineGrant(scope, where, { name, namespace: where, labels, rules, to: { name, namespace } });
  }
  return account;
}
