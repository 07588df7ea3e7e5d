import type { Canary, IngressRef } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import { type Ingress, Ingresses } from '../../api/workloads.js';
import type { ObjectKey } from '../../ports/cluster.js';
import type { Objects } from '../../ports/objects.js';

/** The Ingress that the user made, by `spec.ingressRef`. */
export function apexIngressKey(
  canary: Canary,
  provider: string,
  reference: Pick<IngressRef, 'name'> | undefined = canary.spec.ingressRef,
): ObjectKey {
  const name = reference?.name;
  if (name) return { namespace: canary.metadata.namespace ?? '', name };
  throw new PerchError({
    code: 'ROUTER_INGRESS_REF_MISSING',
    message: `ingress selector is empty: provider ${provider} expects spec.ingressRef, given none`,
    remedy: 'set spec.ingressRef to the Ingress that leads to the application',
    path: 'spec.ingressRef',
  });
}

/** The Ingress that carries the canary's share: `<ingress>-canary`. */
export function canaryIngressKey(apex: ObjectKey): ObjectKey {
  return { namespace: apex.namespace, name: `${apex.name}-canary` };
}

export function readApexIngress(objects: Objects, key: ObjectKey): Ingress {
  const apex = objects.read(Ingresses, key);
  if (apex) return apex;
  throw new PerchError({
    code: 'ROUTER_INGRESS_NOT_FOUND',
    message: `ingresses.networking.k8s.io "${key.name}" not found: expected Ingress ${key.name} in namespace ${key.namespace}`,
    remedy: 'create the Ingress, or correct spec.ingressRef.name; it has to be in the Canary’s namespace',
    path: 'spec.ingressRef.name',
  });
}

/** Throws unless a path of the Ingress leads to the Service. */
export function requireBackend(apex: Ingress, service: string): void {
  const names = (apex.spec.rules ?? [])
    .flatMap((rule) => rule.http?.paths ?? [])
    .flatMap(({ backend }) => (backend.service ? [backend.service.name] : []));
  if (names.includes(service)) return;
  const found = [...new Set(names)].join(', ') || 'no Service at all';
  throw new PerchError({
    code: 'ROUTER_BACKEND_NOT_FOUND',
    message: `backend ${service} not found in ingress ${apex.metadata.name}: its paths lead to ${found}`,
    remedy: `let a path of the Ingress lead to Service ${service}, or set spec.service.name to the Service it leads to`,
    path: 'spec.ingressRef',
  });
}

/** Without the mark by which an ApplySet would take the copy for a member that nobody declares, and delete it. */
export function copiedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => !name.startsWith('applyset.kubernetes.io/')),
  );
}
