import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { define } from '../../manifest.js';
import { restricted } from '../../resources.js';
import type { FullContourProps } from './props.js';

const labels = { 'app.kubernetes.io/name': 'envoy', 'app.kubernetes.io/part-of': 'contour' };
const name = 'envoy';
/** Behind ports 80 and 443 of the Gateway: Contour's listeners are 8000 higher. */
const ports = { http: 8080, https: 8443, metrics: 8002 };
const securityContext = { ...restricted, runAsUser: 65534, runAsGroup: 65534 };

/** Envoy, which carries the requests, with its metrics announced to Prometheus; it asks the API server for nothing. */
export function defineEnvoy(scope: Construct, props: FullContourProps): ApiObject {
  const metadata = { name, namespace: props.namespace, labels };
  define(scope, 'account', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    automountServiceAccountToken: false,
  });
  define(scope, 'service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: props.serviceType,
      selector: labels,
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'https', port: 443, targetPort: 'https' },
      ],
    },
  });
  return define(scope, 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: props.replicas,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } },
      template: {
        metadata: {
          labels,
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': `${ports.metrics}`,
            'prometheus.io/path': '/stats/prometheus',
          },
        },
        spec: podSpec(props),
      },
    },
  });
}

function podSpec(props: FullContourProps) {
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    // Open requests are finished first.
    terminationGracePeriodSeconds: 300,
    initContainers: [
      {
        name: 'bootstrap',
        image: props.image,
        imagePullPolicy: 'IfNotPresent',
        command: ['contour', 'bootstrap', '/config/envoy.json'],
        args: [
          '--xds-address=contour',
          '--xds-port=8001',
          '--xds-resource-version=v3',
          '--resources-dir=/config/resources',
          ...['--envoy-cafile=/certs/ca.crt', '--envoy-cert-file=/certs/tls.crt'],
          '--envoy-key-file=/certs/tls.key',
        ],
        env: [{ name: 'CONTOUR_NAMESPACE', value: props.namespace }],
        volumeMounts: [mounts.config, mounts.certificates],
        securityContext,
      },
    ],
    containers: [shutdownManager(props), envoy(props)],
    volumes: [
      { name: 'admin', emptyDir: {} },
      { name: 'config', emptyDir: {} },
      { name: 'certificates', secret: { secretName: 'envoycert' } },
    ],
  };
}

const mounts = {
  admin: { name: 'admin', mountPath: '/admin' },
  config: { name: 'config', mountPath: '/config' },
  certificates: { name: 'certificates', mountPath: '/certs', readOnly: true },
};

function envoy({ namespace, envoyImage, resources }: FullContourProps) {
  return {
    name: 'envoy',
    image: envoyImage,
    imagePullPolicy: 'IfNotPresent',
    command: ['envoy'],
    args: [
      '-c',
      '/config/envoy.json',
      `--service-cluster ${namespace}`,
      '--service-node $(POD_NAME)',
      '--log-level warn',
    ],
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
    readinessProbe: { httpGet: { path: '/ready', port: 'metrics' }, periodSeconds: 2 },
    lifecycle: { preStop: { httpGet: { path: '/shutdown', port: 8090, scheme: 'HTTP' } } },
    volumeMounts: [mounts.config, mounts.certificates, mounts.admin],
    resources,
    securityContext,
  };
}

/** Holds Envoy's end up until its open requests are finished. */
function shutdownManager({ image }: FullContourProps) {
  return {
    name: 'shutdown-manager',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['contour', 'envoy', 'shutdown-manager'],
    lifecycle: { preStop: { exec: { command: ['contour', 'envoy', 'shutdown'] } } },
    volumeMounts: [mounts.admin],
    securityContext,
  };
}
