import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { constructError } from '../failure.js';
import { define } from '../manifest.js';
import type { Shape } from '../shape.js';

export interface IngressOptions {
  /** What is served below the host. @default / */
  readonly path?: string;
  /** Name of the Secret with the host's certificate. @default - HTTP only */
  readonly tlsSecretName?: string;
  /** E.g. `{ 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' }`. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

export const ingressShape: Shape<IngressOptions> = {
  path: 'text',
  tlsSecretName: 'text',
  annotations: 'object',
};

export interface IngressProps extends IngressOptions {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly className: string;
  readonly serviceName: string;
  readonly servicePort: number;
}

/** The Ingress of the released version; the controller makes the canary's of it. */
export function defineIngress(scope: Construct, props: IngressProps): ApiObject {
  const { name, namespace, host, tlsSecretName, annotations } = props;
  return define(scope, 'ingress', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace,
      labels: { app: name },
      ...(annotations && { annotations: { ...annotations } }),
    },
    spec: {
      ingressClassName: props.className,
      ...(tlsSecretName && { tls: [{ hosts: [host], secretName: tlsSecretName }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: props.path ?? '/',
                pathType: 'Prefix',
                backend: { service: { name: props.serviceName, port: { number: props.servicePort } } },
              },
            ],
          },
        },
      ],
    },
  });
}

/** Throws unless `host` is a DNS name as an Ingress takes it. */
export function checkHostName(scope: Construct, host: string): void {
  const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
  if (host.length <= 253 && new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`).test(host)) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_HOST',
    message: `host: expected a DNS name in lower case such as app.example.com, got ${JSON.stringify(host)}`,
    remedy: 'leave out scheme, port and path: the host alone is said, the rest is derived',
  });
}
