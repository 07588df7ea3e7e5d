import type { KubeObject } from '../../lib/api/kinds.js';
import type { Account } from '../../lib/constructs/identity.js';
import type { AuditEvent } from './auditLog.js';

/** A role lets its subject do one thing with one resource. */
export interface Right {
  readonly role: string;
  /** Where it holds; undefined for everywhere. */
  readonly namespace: string | undefined;
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `canaries/status`. */
  readonly resource: string;
  /** The one object; undefined for all. */
  readonly name: string | undefined;
}

interface Role extends KubeObject {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

/** Every single right that the manifests give to the account. */
export function rightsOf(account: Account, manifests: readonly KubeObject[]): Right[] {
  const isRole = (object: KubeObject): object is Role => /^(Cluster)?Role$/.test(object.kind ?? '');
  const isBinding = (object: KubeObject): object is Binding =>
    /^(Cluster)?RoleBinding$/.test(object.kind ?? '');
  const roles = manifests.filter(isRole);
  const bindings = manifests
    .filter(isBinding)
    .filter(({ subjects }) =>
      subjects.some(({ name, namespace }) => name === account.name && namespace === account.namespace),
    );
  return bindings.flatMap(({ roleRef, metadata: { namespace } }) => {
    const isMeant = ({ kind, metadata }: Role) =>
      kind === roleRef.kind && metadata.name === roleRef.name && metadata.namespace === namespace;
    return roles.filter(isMeant).flatMap((role) => singleRights(role, namespace));
  });
}

function singleRights({ kind, metadata, rules }: Role, namespace: string | undefined): Right[] {
  const role = `${kind} ${metadata.name}`;
  return rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) =>
          verbs.map((verb) => ({ role, namespace, verb, group, resource, name })),
        ),
      ),
    ),
  );
}

/** Whether a request is one that the right is for. */
export function covers(right: Right, { verb, objectRef }: AuditEvent): boolean {
  if (!objectRef) return false;
  const { resource, subresource, apiGroup = '', namespace, name } = objectRef;
  return (
    right.verb === verb &&
    right.group === apiGroup &&
    [subresource ? `${resource}/${subresource}` : resource, '*'].includes(right.resource) &&
    (right.namespace === undefined || right.namespace === namespace) &&
    (right.name === undefined || right.name === name)
  );
}

/** For people: `update canaries.flagger.app/status`. */
export function sayRight({ verb, group, resource, name, namespace, role }: Right): string {
  const [plural = '', subresource] = resource.split('/');
  const what = [group ? `${plural}.${group}` : plural, subresource].filter(Boolean).join('/');
  return `${verb} ${what}${name ? ` ${name}` : ''}${namespace ? ` in ${namespace}` : ''} (${role})`;
}
