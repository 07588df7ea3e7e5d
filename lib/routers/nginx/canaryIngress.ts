import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { apiVersion } from '../../api/kinds.js';
import { ownedBy } from '../../api/ownership.js';
import { type Ingress, Ingresses } from '../../api/workloads.js';
import type { ObjectKey } from '../../ports/cluster.js';
import { copiedLabels, requireBackend } from '../generated/apexIngress.js';
import { copiedAnnotations } from './annotations.js';

/** The apex Ingress's spec with each path to the apex Service leading to the canary's Service instead. */
export function canarySpec(canary: Canary, apex: Ingress): Ingress['spec'] {
  const { apex: service } = serviceNames(canary);
  requireBackend(apex, service);
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
      ownerReferences: ownedBy(canary),
    },
    spec: canarySpec(canary, apex),
  };
}
