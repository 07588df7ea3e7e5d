import type { Observer } from './builtin.js';

const exact: Readonly<Record<string, Observer>> = {
  appmesh: 'appmesh',
  linkerd: 'linkerd',
  istio: 'istio',
  osm: 'osm',
  contour: 'contour',
  knative: 'knative',
  nginx: 'nginx',
  skipper: 'skipper',
  traefik: 'traefik',
  apisix: 'apisix',
  kuma: 'kuma',
  kubernetes: 'http',
};

const prefixes: Readonly<Record<string, Observer>> = {
  'appmesh:v1beta2': 'appmesh',
  gloo: 'gloo',
  'gatewayapi:v1': 'http',
};

/**
 * Which series answer a provider's built-in metrics. As in Flagger 1.44 what is not in the tables (SMI, a provider
 * with a suffix such as `nginx:service`) is answered by Istio's.
 */
export function observerOf(provider: string): Observer {
  const byPrefix = Object.entries(prefixes).find(([prefix]) => provider.startsWith(prefix));
  return exact[provider] ?? byPrefix?.[1] ?? 'istio';
}
