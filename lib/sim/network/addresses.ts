import type { Random } from '../../ports/random.js';
import { binomial } from '../chance.js';
import type { ApiServer } from '../cluster/apiServer.js';
import type { Pod } from '../models/pods.js';
import type { RequestLine } from '../models/request.js';
import type { Destination, Routing } from '../models/routing.js';

/** What stands behind a host name. */
export type Address =
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'ingress'; readonly request: RequestLine };

/** The cluster's DNS, and the load balancer in front of its router. */
export class Addresses {
  constructor(
    readonly server: ApiServer,
    private readonly routing: Routing,
    private readonly random: Random,
  ) {}

  /**
   * `from` is the namespace of who asks, for names without one. `host` is the Host header, by which a router chooses
   * where it is not the URL's. Undefined when nobody has that name.
   */
  find(url: URL, from: string | undefined, host = url.hostname): Address | undefined {
    const [name = '', namespace = from, ...rest] = url.hostname.split('.');
    const local = rest.length === 0 || (rest[0] === 'svc' && [undefined, 'cluster'].includes(rest[1]));
    const served = local && namespace !== undefined && this.routing.service(namespace, name);
    if (served && !this.isRouter(namespace, name)) return { kind: 'service', namespace, name };
    const request = { host, path: url.pathname };
    const known = served || this.answersFor(url.hostname, url.pathname);
    return known && this.answersFor(host, url.pathname) ? { kind: 'ingress', request } : undefined;
  }

  private answersFor(host: string, path: string): boolean {
    return this.routing.through({ host, path }).length > 0;
  }

  /** A pod that answers one request; undefined when none is ready. */
  pick(address: Address): Pod | undefined {
    const request = address.kind === 'service' ? { host: '', path: '/', service: address } : address.request;
    const { pods } = this.choose(this.routing.through(request));
    return pods[Math.floor(this.random.next() * pods.length)];
  }

  /** A router itself, which load tests may address by its Service and a Host header. */
  private isRouter(namespace: string, name: string): boolean {
    return this.routing
      .endpoints(namespace, name)
      .some(({ image }) => /ingress-nginx|nginx-ingress|envoy|traefik|skipper|apisix/.test(image));
  }

  private choose(destinations: readonly Destination[]): Destination {
    const last = destinations.at(-1)!;
    return destinations.length > 1 && binomial(this.random, 1, last.share) === 0 ? destinations[0]! : last;
  }
}
