import { type Ingress, type IngressBackend, Ingresses, type Service, Services } from '../../api/workloads.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { cookieOf } from './httpRoutes.js';
import type { Pod, Pods } from './pods.js';
import { routedBackends } from './routeObjects.js';

/** What a request says of itself. */
export interface RequestLine {
  readonly host: string;
  /** With the query, if there is one. */
  readonly path: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
}

/** One place that a share of the requests goes to, with the labels that ingress-nginx's metrics give it. */
export interface Destination {
  /** 0 to 1. */
  readonly share: number;
  readonly pods: readonly Pod[];
  /** The mesh whose proxies count the requests. @default - none */
  readonly mesh?: 'istio';
  /** How Contour’s Envoy names where the requests of a Gateway’s route go. @default - they come by no Gateway */
  readonly cluster?: string;
  /** Absent for requests that do not pass the router. */
  readonly ingress?: {
    readonly namespace: string;
    readonly ingress: string;
    readonly service: string;
    readonly host: string;
    readonly path: string;
    /** `namespace-service-port`, or '' for what is no canary. */
    readonly canary: string;
  };
}

interface Rule {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: IngressBackend;
}

const prefix = 'nginx.ingress.kubernetes.io/';

function annotation({ metadata }: Ingress, name: string): string | undefined {
  return metadata.annotations?.[`${prefix}${name}`];
}

function isCanary(ingress: Ingress): boolean {
  return annotation(ingress, 'canary') === 'true';
}

function rulesOf(ingress: Ingress): Rule[] {
  return (ingress.spec.rules ?? []).flatMap(({ host = '', http }) =>
    (http?.paths ?? []).map(({ path = '/', pathType = 'Prefix', backend }) => ({
      ingress,
      host,
      path,
      pathType,
      backend,
    })),
  );
}

function matchesPath({ path, pathType }: Rule, asked: string): boolean {
  if (pathType === 'Exact') return path === asked;
  const bare = path.replace(/\/$/, '');
  return asked === bare || asked.startsWith(`${bare}/`);
}

function matchesHost(rule: Rule, host: string): boolean {
  return (
    rule.host === '' ||
    rule.host === host ||
    (rule.host.startsWith('*.') && host.endsWith(rule.host.slice(1)))
  );
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

/** Reads the cluster's routing objects as a router and kube-proxy would. */
export class Routing {
  constructor(
    private readonly server: ApiServer,
    private readonly pods: Pods,
  ) {}

  service(namespace: string, name: string): Service | undefined {
    const { store, kinds } = this.server;
    return store.find(kinds.find(Services), { namespace, name })?.object as Service | undefined;
  }

  /** Ready pods behind a Service. */
  endpoints(namespace: string, name: string): Pod[] {
    return this.pods.selected(namespace, this.service(namespace, name)?.spec.selector);
  }

  /** Where requests to a host and path go; empty when no Ingress, HTTPRoute or VirtualService answers for them. */
  through(request: RequestLine): Destination[] {
    const destinations = this.throughIngress(request);
    return destinations.length > 0 ? destinations : this.throughRoute(request);
  }

  private throughRoute(request: RequestLine): Destination[] {
    const { backends = [], mesh } = routedBackends(this.server, request) ?? {};
    return backends.map(({ namespace, service, port, share }) => ({
      share,
      pods: this.endpoints(namespace, service),
      ...(mesh ? { mesh } : { cluster: `${namespace}_${service}_${port ?? ''}` }),
    }));
  }

  private throughIngress(request: RequestLine): Destination[] {
    const all = this.server.list(Ingresses).map(({ object }) => object as Ingress);
    const stable = this.bestRule(
      all.filter((ingress) => !isCanary(ingress)),
      request,
    );
    if (!stable) return [];
    const canary = all
      .filter(isCanary)
      .flatMap(rulesOf)
      .find(
        (rule) => rule.host === stable.host && rule.path === stable.path && rule.pathType === stable.pathType,
      );
    const primary = this.destination(stable, stable, 1);
    if (!canary) return [primary];
    const share = canaryShare(canary.ingress, request);
    const alternative = this.destination(stable, canary, share);
    if (share === 0 || alternative.pods.length === 0) return [primary];
    return [{ ...primary, share: 1 - share }, alternative].filter((destination) => destination.share > 0);
  }

  private bestRule(ingresses: readonly Ingress[], request: RequestLine): Rule | undefined {
    return ingresses
      .flatMap(rulesOf)
      .filter((rule) => matchesHost(rule, request.host) && matchesPath(rule, request.path))
      .toSorted((a, b) => b.host.length - a.host.length || b.path.length - a.path.length)[0];
  }

  /** Metrics name the stable Ingress and its Service even for what its canary answers. */
  private destination(stable: Rule, rule: Rule, share: number): Destination {
    const namespace = rule.ingress.metadata.namespace ?? '';
    const service = rule.backend.service?.name ?? '';
    const port = rule.backend.service?.port;
    return {
      share,
      pods: this.endpoints(namespace, service),
      ingress: {
        namespace,
        ingress: stable.ingress.metadata.name ?? '',
        service: stable.backend.service?.name ?? '',
        host: stable.host,
        path: stable.path,
        canary: rule === stable ? '' : `${namespace}-${service}-${port?.number ?? port?.name ?? ''}`,
      },
    };
  }
}
