import { type Ingress, Ingresses } from '../../api/workloads.js';
import { ingressNginx as dataPlane } from '../dataPlanes/ingressNginx.js';
import { traefik } from '../dataPlanes/traefik.js';
import { cookieOf } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import { type IngressRule, ingressDoor, matchesRule, rulesOf } from './ingressRules.js';
import type { Backend, RouterModel } from './model.js';

const prefix = 'nginx.ingress.kubernetes.io/';

function annotation({ metadata }: Ingress, name: string): string | undefined {
  return metadata.annotations?.[`${prefix}${name}`];
}

function isCanary(ingress: Ingress): boolean {
  return annotation(ingress, 'canary') === 'true';
}

/** Ingresses, and the canary's beside them, by its annotations: of ingress-nginx, or of Traefik that obeys these too. */
export const ingressNginx: RouterModel = {
  kinds: [],
  dataPlanes: [dataPlane, traefik],
  route({ list, isReady }, request) {
    if (request.service) return undefined;
    const all = list(Ingresses);
    const stable = bestRule(
      all.filter((ingress) => !isCanary(ingress)),
      request,
    );
    if (!stable) return undefined;
    const canary = all
      .filter(isCanary)
      .flatMap(rulesOf)
      .find(
        (rule) => rule.host === stable.host && rule.path === stable.path && rule.pathType === stable.pathType,
      );
    const share = canary ? canaryShare(canary.ingress, request) : 0;
    const other = canary && backend(stable, canary, share);
    if (!other || share === 0 || !isReady(other.namespace, other.service))
      return [backend(stable, stable, 1)];
    return share === 1 ? [other] : [backend(stable, stable, 1 - share), other];
  },
  door: ingressDoor,
};

function bestRule(ingresses: readonly Ingress[], request: RequestLine): IngressRule | undefined {
  return ingresses
    .flatMap(rulesOf)
    .filter((rule) => matchesRule(rule, request))
    .toSorted((a, b) => b.host.length - a.host.length || b.path.length - a.path.length)[0];
}

/** ingress-nginx's order: by header, then by cookie, then by weight (its documentation, "Canary"). */
function canaryShare(ingress: Ingress, request: RequestLine): number {
  const header = annotation(ingress, 'canary-by-header');
  const given = header === undefined ? undefined : request.headers?.[header.toLowerCase()];
  if (given !== undefined) {
    const value = annotation(ingress, 'canary-by-header-value');
    const pattern = annotation(ingress, 'canary-by-header-pattern');
    if (value !== undefined && given === value) return 1;
    if (value === undefined && pattern !== undefined && new RegExp(pattern).test(given)) return 1;
    if (value === undefined && pattern === undefined && given === 'always') return 1;
    if (value === undefined && pattern === undefined && given === 'never') return 0;
  }
  const cookie = annotation(ingress, 'canary-by-cookie');
  const worth = cookie === undefined ? undefined : cookieOf(request, cookie);
  if (worth === 'always') return 1;
  if (worth === 'never') return 0;
  const total = Number(annotation(ingress, 'canary-weight-total') ?? 100);
  return Math.min(1, Math.max(0, Number(annotation(ingress, 'canary-weight') ?? 0) / total));
}

/** Metrics name the stable Ingress and its Service even for what its canary answers. */
function backend(stable: IngressRule, rule: IngressRule, share: number): Backend {
  const { namespace = '' } = rule.ingress.metadata;
  const { name: service = '', port } = rule.backend.service ?? {};
  const portName = port?.number ?? port?.name ?? '';
  const isStable = rule === stable;
  const labels = {
    namespace,
    ingress: stable.ingress.metadata.name ?? '',
    service: stable.backend.service?.name ?? '',
    host: stable.host,
    path: stable.path,
    canary: isStable ? '' : `${namespace}-${service}-${portName}`,
  };
  const name = [namespace, labels.ingress, labels.service, portName, ...(isStable ? [] : ['canary'])].join(
    '-',
  );
  return {
    ...{ namespace, service, share },
    counts: [
      { by: dataPlane, labels },
      { by: traefik, labels: { service: `${name}@kubernetesingressnginx` } },
    ],
    asksService: annotation(stable.ingress, 'service-upstream') === 'true',
  };
}
