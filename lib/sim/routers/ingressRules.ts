import type { KubeObject } from '../../api/kinds.js';
import { type Ingress, type IngressBackend, Ingresses } from '../../api/workloads.js';
import { matchesPrefix } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import type { Door } from './model.js';

/** A path of an Ingress. */
export interface IngressRule {
  readonly ingress: Ingress;
  /** '' for any. */
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: IngressBackend;
}

export function rulesOf(ingress: Ingress): IngressRule[] {
  return (ingress.spec.rules ?? []).flatMap(({ host = '', http }) =>
    (http?.paths ?? []).map(({ path = '/', pathType = 'Prefix', backend }) => ({
      ...{ ingress, host, path, pathType, backend },
    })),
  );
}

export function matchesRule(rule: IngressRule, request: RequestLine): boolean {
  return matchesHost(rule, request.host) && matchesPath(rule, request.path.split('?')[0] ?? '/');
}

function matchesPath({ path, pathType }: IngressRule, asked: string): boolean {
  return pathType === 'Exact' ? path === asked : matchesPrefix(path, asked);
}

function matchesHost(rule: IngressRule, host: string): boolean {
  return (
    rule.host === '' ||
    rule.host === host ||
    (rule.host.startsWith('*.') && host.endsWith(rule.host.slice(1)))
  );
}

export const ingressDoor: Door = {
  kind: Ingresses,
  hosts: (object: KubeObject) => ((object as Ingress).spec.rules ?? []).map(({ host = '*' }) => host),
  leadsTo: (object: KubeObject) =>
    rulesOf(object as Ingress).map(({ backend }) => backend.service?.name ?? ''),
};
