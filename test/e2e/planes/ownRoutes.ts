import { place } from './place.ts';

/*
 * Routes as users have them before there is a canary: all requests to the one Service. Each has the name that perch
 * gives its own, so that it is taken over, and given back in the end.
 */

const metadataOf = (name: string) => ({ name, namespace: place.apps });

/** A route of the Gateway. */
export function gatewayRoute(namespace: string, gateway: string): (name: string, host: string) => object {
  return (name, host) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: metadataOf(name),
    spec: {
      parentRefs: [{ name: gateway, namespace }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name, port: 80 }] }],
    },
  });
}

/** What the synthesised HTTPProxy of the host includes. */
export function httpProxy(name: string): object {
  return {
    apiVersion: 'projectcontour.io/v1',
    kind: 'HTTPProxy',
    metadata: metadataOf(name),
    spec: { routes: [{ conditions: [{ prefix: '/' }], services: [{ name, port: 80 }] }] },
  };
}

/** What the synthesised IngressRoute of the host leads to. */
export function traefikService(name: string): object {
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'TraefikService',
    metadata: metadataOf(name),
    spec: { weighted: { services: [{ name, port: 80, weight: 1 }] } },
  };
}

export function virtualService(name: string, host: string): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: metadataOf(name),
    spec: {
      gateways: ['istio-system/public-gateway'],
      hosts: [host],
      http: [{ route: [{ destination: { host: name } }] }],
    },
  };
}
