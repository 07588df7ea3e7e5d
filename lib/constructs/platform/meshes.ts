import type { Audience, IngressNeed, NamespaceMetadata } from './particulars.js';
import type { LinkerdProps } from './routingProps.js';

/** The marks by which meshes inject their proxies into a namespace's pods. */
export const injection = {
  istio: { labels: { 'istio-injection': 'enabled' } },
  linkerd: { annotations: { 'linkerd.io/inject': 'enabled' } },
  osm: {
    labels: { 'openservicemesh.io/monitored-by': 'osm' },
    annotations: {
      'openservicemesh.io/sidecar-injection': 'enabled',
    },
  },
  appMesh: { labels: { 'appmesh.k8s.aws/sidecarInjectorWebhook': 'enabled' } },
  kuma: { labels: { 'kuma.io/sidecar-injection': 'enabled' } },
} as const satisfies Record<string, NamespaceMetadata>;

const snippet = 'nginx.ingress.kubernetes.io/configuration-snippet';

/**
 * ingress-nginx sends requests to pods of its own choice, past Linkerd: so it is told to send them to the Service, and
 * where the proxy beside it goes by names, which Service that is.
 */
export function linkerdIngress({
  className = 'nginx',
  dstOverride = true,
}: NonNullable<LinkerdProps['ingress']>): IngressNeed {
  const annotations = ({ servicePort }: Audience) => ({
    'nginx.ingress.kubernetes.io/service-upstream': 'true',
    ...(dstOverride && {
      [snippet]: [
        `proxy_set_header l5d-dst-override $service_name.$namespace.svc.cluster.local:${servicePort};`,
        'proxy_hide_header l5d-remote-ip;',
        'proxy_hide_header l5d-server-id;',
        '',
      ].join('\n'),
    }),
  });
  return { className, driven: false, annotations };
}

/** What an Ingress of Linkerd's takes of ingress-nginx. */
export function ingressExpectations(ingress: LinkerdProps['ingress']): string[] {
  if (!ingress) return [];
  const { className = 'nginx', dstOverride = true } = ingress;
  return [
    `ingress-nginx of class ${className} with Linkerd's proxy in its pods`,
    ...(dstOverride
      ? [
          'its ConfigMap with allow-snippet-annotations: "true" and annotations-risk-level: Critical, as it refuses the snippet with l5d-dst-override otherwise (ingress: { dstOverride: false } for none)',
        ]
      : []),
  ];
}
