import { App, Chart, Duration } from 'cdk8s';
import { CanaryApp, CanaryPlatform, Metric, Routing, type Strategy } from '../../lib/index.js';
import type { Manifest } from '../constructs/bench.js';

export const namespace = 'shop';
export const image = (tag: string) => `registry.example.com/web:${tag}`;
const host = 'web.example.com';

export interface Case {
  readonly routing: Routing;
  /** What the routing leaves to the user. */
  readonly beside?: readonly object[];
}

/** The usual application under a routing. */
export function stack({ routing, beside = [] }: Case, strategy?: Strategy): Manifest[] {
  const chart = new Chart(new App(), 'shop');
  new CanaryApp(chart, 'web', {
    platform: new CanaryPlatform(chart, 'platform', { routing }),
    ...{ namespace, image: image('1'), port: 8080, host },
    ...(strategy && { strategy }),
    metrics: [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })],
  });
  return [...(chart.toJson() as Manifest[]), ...(beside as Manifest[])];
}

const gateway = { name: 'public', namespace: 'gateways' };

const ownRoute = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace, name: 'mine' },
  spec: {
    parentRefs: [gateway],
    hostnames: ['mine.example.com'],
    rules: [
      {
        backendRefs: [
          { name: 'web', port: 80, weight: 100 },
          { name: 'web-canary', port: 80, weight: 0 },
        ],
      },
    ],
  },
};

const delegating = {
  apiVersion: 'gateway.solo.io/v1',
  kind: 'VirtualService',
  metadata: { namespace, name: 'web-door' },
  spec: {
    virtualHost: {
      domains: [host],
      routes: [{ matchers: [{ prefix: '/' }], delegateAction: { ref: { name: 'web', namespace } } }],
    },
  },
};

const delegatingOnIstio = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'VirtualService',
  metadata: { namespace, name: 'web-door' },
  spec: {
    hosts: [host],
    gateways: ['istio-system/public'],
    http: [{ delegate: { name: 'web', namespace } }],
  },
};

const apisixRoute = {
  apiVersion: 'apisix.apache.org/v2',
  kind: 'ApisixRoute',
  metadata: { namespace, name: 'mine' },
  spec: {
    http: [
      {
        name: 'all',
        match: { hosts: [host], paths: ['/*'] },
        backends: [{ serviceName: 'web', servicePort: 80 }],
      },
    ],
  },
};

/** A new factory of Routing does not compile here until it is simulated or refused; Knative’s releases no Deployment. */
type Factory = Exclude<keyof typeof Routing, 'prototype' | 'knative'>;

export const factories = {
  ingressNginx: { routing: Routing.ingressNginx() },
  traefikIngressNginx: { routing: Routing.traefikIngressNginx() },
  kubernetes: { routing: Routing.kubernetes() },
  gatewayApi: { routing: Routing.gatewayApi({ gateway }) },
  gatewayRoute: { routing: Routing.gatewayRoute({ name: 'mine' }), beside: [ownRoute] },
  istio: { routing: Routing.istio({ gateways: ['istio-system/public'] }) },
  linkerd: { routing: Routing.linkerd() },
  smi: { routing: Routing.smi() },
  traefik: { routing: Routing.traefik() },
  contour: { routing: Routing.contour() },
  skipper: { routing: Routing.skipper() },
  gloo: { routing: Routing.gloo(), beside: [delegating] },
  apisix: { routing: Routing.apisix({ route: 'mine' }), beside: [apisixRoute] },
  kuma: { routing: Routing.kuma() },
  osm: { routing: Routing.osm() },
  appMesh: { routing: Routing.appMesh({ meshName: 'global' }) },
} satisfies Record<Factory, Case>;

const implementations = ['contour', 'cilium', 'traefik', 'istio', 'linkerd', 'envoy-gateway'] as const;

export const variants: Readonly<Record<string, Case>> = {
  'gatewayApi with the Contour that it installs': { routing: Routing.gatewayApi() },
  'gatewayApi of v1beta1': { routing: Routing.gatewayApi({ gateway, version: 'v1beta1' }) },
  ...Object.fromEntries(
    implementations.map((implementation) => [
      `gatewayApi run by ${implementation}`,
      { routing: Routing.gatewayApi({ gateway, implementation }) },
    ]),
  ),
  'istio within the mesh': { routing: Routing.istio() },
  'istio with delegation': { routing: Routing.istio({ delegation: true }), beside: [delegatingOnIstio] },
  'linkerd by TrafficSplits': { routing: Routing.linkerd({ smi: true }) },
  'linkerd behind an Ingress': { routing: Routing.linkerd({ ingress: {} }) },
  'smi of v1alpha1': { routing: Routing.smi({ version: 'v1alpha1' }) },
  'smi of v1alpha3 on Linkerd': { routing: Routing.smi({ version: 'v1alpha3', mesh: 'linkerd' }) },
  'appMesh of v1beta1': { routing: Routing.appMesh({ meshName: 'global', version: 'v1beta1' }) },
};
