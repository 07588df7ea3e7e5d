import type { Canary } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import { apiVersion } from '../../api/kinds.js';
import { type Ingress, Ingresses } from '../../api/workloads.js';
import type { ObjectKey } from '../../ports/cluster.js';
import { copiedAnnotations } from './annotations.js';

/** The Ingress that the user made, by `spec.ingressRef`. */
export function apexKey(canary: Canary): ObjectKey {
  const name = canary.spec.ingressRef?.name;
  if (name) return { namespace: canary.metadata.namespace ?? '', name };
  throw new PerchError({
    code: 'ROUTER_INGRESS_REF_MISSING',
    message: 'ingress selector is empty: provider nginx expects spec.ingressRef, given none',
    remedy: 'set spec.ingressRef to the Ingress that leads to the application',
    path: 'spec.ingressRef',
  });
}

/** The Ingress that carries the canary's share: `<ingress>-canary`. */
export function canaryKey(apex: ObjectKey): ObjectKey {
  return { namespace: apex.namespace, name: `${apex.name}-canary` };
}

/** The apex Ingress's spec with each path to the apex Service leading to the canary's Service instead. */
export function canarySpec(canary: Canary, apex: Ingress): Ingress['spec'] {
  const service = canary.spec.service?.name || canary.spec.targetRef.name;
  const backends = (apex.spec.rules ?? [])
    .flatMap((rule) => rule.http?.paths ?? [])
    .flatMap(({ backend }) => (backend.service ? [backend.service] : []));
  if (!backends.some(({ name }) => name === service))
    throw backendNotFound(
      service,
      apex,
      backends.map(({ name }) => name),
    );
  const { rules, ...rest } = apex.spec;
  return { ...rest, ...(rules && { rules: rules.map((rule) => redirected(rule, service)) }) };
}

type Rule = NonNullable<Ingress['spec']['rules']>[number];

function redirected(rule: Rule, service: string): Rule {
  if (!rule.http) return rule;
  const paths = rule.http.paths.map((path) =>
    path.backend.service?.name === service
      ? {
          ...path,
          backend: { ...path.backend, service: { ...path.backend.service, name: `${service}-canary` } },
        }
      : path,
  );
  return { ...rule, http: { ...rule.http, paths } };
}

/** A new canary Ingress without traffic, owned by the Canary and so removed with it. */
export function newCanaryIngress(canary: Canary, apex: Ingress, key: ObjectKey, prefix: string): Ingress {
  return {
    apiVersion: apiVersion(Ingresses),
    kind: Ingresses.kind,
    metadata: {
      name: key.name,
      namespace: key.namespace,
      ...(apex.metadata.labels ? { labels: copiedLabels(apex.metadata.labels) } : {}),
      annotations: { ...copiedAnnotations(apex.metadata.annotations ?? {}, prefix) },
      ownerReferences: [
        {
          apiVersion: 'flagger.app/v1beta1',
          kind: 'Canary',
          name: canary.metadata.name ?? '',
          uid: canary.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: canarySpec(canary, apex),
  };
}

function backendNotFound(service: string, apex: Ingress, names: readonly string[]): PerchError {
  const found = [...new Set(names)].join(', ') || 'no Service at all';
  return new PerchError({
    code: 'ROUTER_BACKEND_NOT_FOUND',
    message: `backend ${service} not found in ingress ${apex.metadata.name}: its paths lead to ${found}`,
    remedy: `let a path of the Ingress lead to Service ${service}, or set spec.service.name to the Service it leads to`,
    path: 'spec.ingressRef',
  });
}

/** Without the mark by which an ApplySet would take the copy for a member that nobody declares, and delete it. */
function copiedLabels(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => !name.startsWith('applyset.kubernetes.io/')),
  );
}
