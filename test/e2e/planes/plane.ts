import { gatewayRoute, httpProxy, traefikService, virtualService } from './ownRoutes.ts';
import type { ProxyName } from './proxies.ts';

/** One way in which a real proxy is told of weights. */
export interface Plane {
  /** Of the application and all that is made for it. */
  readonly name: string;
  /** What it is called in the table. */
  readonly title: string;
  readonly proxy: ProxyName;
  /** How the proxy knows the bearers of a cookie; undefined where it cannot choose requests at all. */
  readonly cookies?: 'by name' | 'by expression';
  /** Whether it copies requests; Traefik does not for an HTTPRoute. */
  readonly mirrors?: boolean;
  /** Whether clients can be held on a version by cookie. */
  readonly holds?: boolean;
  /**
   * Whether the proxy answers 503 for a moment when a route names a Service for the first time, as Contour's Envoy does
   * until it knows the Service's cluster: what fails while a route is taken over or given back is then said, and no
   * failure of the journey.
   */
  readonly learnsSlowly?: boolean;
  /** The user's own route to the Service, before there is a canary; none where the synthesised front door is one. */
  readonly ownRoute?: (name: string, host: string) => object;
}

export const planes: readonly Plane[] = [
  { name: 'nginx', title: 'ingress-nginx', proxy: 'ingress-nginx', cookies: 'by name' },
  {
    name: 'proxy',
    title: 'Contour, HTTPProxy',
    proxy: 'contour',
    cookies: 'by expression',
    learnsSlowly: true,
    ownRoute: httpProxy,
  },
  {
    name: 'route',
    title: 'Contour, HTTPRoute',
    proxy: 'contour',
    cookies: 'by expression',
    mirrors: true,
    holds: true,
    learnsSlowly: true,
    ownRoute: gatewayRoute('projectcontour', 'contour'),
  },
  { name: 'traefik', title: 'Traefik, TraefikService', proxy: 'traefik', ownRoute: traefikService },
  {
    name: 'traefik-route',
    title: 'Traefik, HTTPRoute',
    proxy: 'traefik',
    cookies: 'by expression',
    holds: true,
    ownRoute: gatewayRoute('traefik', 'traefik'),
  },
  { name: 'traefik-nginx', title: 'Traefik, Ingress annotations', proxy: 'traefik', cookies: 'by name' },
  {
    name: 'istio',
    title: 'Istio, VirtualService',
    proxy: 'istio',
    cookies: 'by expression',
    mirrors: true,
    holds: true,
    ownRoute: virtualService,
  },
];

/** The DNS name that a plane's application is asked for by. */
export function hostOf({ name }: Plane): string {
  return `${name}.planes.example.com`;
}
