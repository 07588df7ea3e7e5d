import { flaggerCrds } from '../../lib/api/crds.js';
import type { KubeObject } from '../../lib/api/kinds.js';

export const namespace = 'test';
export const host = 'app.example.com';

const image = (tag: string) => `ghcr.io/stefanprodan/podinfo:${tag}`;

function object(
  apiVersion: string,
  kind: string,
  name: string,
  body: object,
  inNamespace = namespace,
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: inNamespace }, ...body };
}

function deployment(
  name: string,
  containers: object[],
  inNamespace = namespace,
  annotations = {},
): KubeObject {
  const labels = { app: name };
  const template = { metadata: { labels, annotations }, spec: { containers } };
  return object(
    'apps/v1',
    'Deployment',
    name,
    { spec: { selector: { matchLabels: labels }, template } },
    inNamespace,
  );
}

function service(name: string, port: number, inNamespace = namespace): KubeObject {
  return object('v1', 'Service', name, { spec: { selector: { app: name }, ports: [{ port }] } }, inNamespace);
}

const namespaces = [namespace, 'monitoring'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
}));

const latency = object('flagger.app/v1beta1', 'MetricTemplate', 'latency', {
  spec: {
    provider: { type: 'prometheus', address: 'http://prometheus.monitoring:9090' },
    query:
      'histogram_quantile(0.99, sum(rate(http_request_duration_seconds_bucket{kubernetes_namespace="{{ namespace }}",kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"}[1m])) by (le))',
  },
});

export const webhooks = [
  {
    name: 'acceptance-test',
    type: 'pre-rollout',
    url: 'http://loadtester.test/',
    timeout: '30s',
    metadata: { type: 'bash', cmd: "curl -sd 'test' http://podinfo-canary/token | grep token" },
  },
  {
    name: 'load-test',
    url: 'http://loadtester.test/',
    timeout: '5s',
    metadata: { cmd: `hey -z 1m -q 10 -c 2 http://${host}/` },
  },
];

function canary(analysis: object = {}): KubeObject {
  return object('flagger.app/v1beta1', 'Canary', 'podinfo', {
    spec: {
      provider: 'nginx',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'podinfo' },
      progressDeadlineSeconds: 60,
      service: { port: 80, targetPort: 9898 },
      analysis: {
        interval: '10s',
        threshold: 5,
        maxWeight: 50,
        stepWeight: 10,
        metrics: [
          { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' },
          { name: 'latency', templateRef: { name: 'latency' }, thresholdRange: { max: 0.5 }, interval: '1m' },
        ],
        webhooks,
        ...analysis,
      },
    },
  });
}

/** The cluster of the seeds: podinfo behind ingress-nginx, Prometheus, a load tester. */
export function podinfo(tag = '6.9.0', analysis: object = {}): KubeObject[] {
  return [
    ...namespaces,
    ...flaggerCrds(),
    deployment(
      'prometheus',
      [{ name: 'prometheus', image: 'quay.io/prometheus/prometheus:v3.15.0' }],
      'monitoring',
    ),
    service('prometheus', 9090, 'monitoring'),
    deployment('loadtester', [{ name: 'loadtester', image: 'perch:dev', args: ['loadtester'] }]),
    service('loadtester', 80),
    deployment(
      'podinfo',
      [{ name: 'podinfo', image: image(tag), ports: [{ containerPort: 9898 }] }],
      namespace,
      { 'prometheus.io/scrape': 'true' },
    ),
    object('networking.k8s.io/v1', 'Ingress', 'podinfo', {
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  pathType: 'Prefix',
                  path: '/',
                  backend: { service: { name: 'podinfo', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    }),
    latency,
    canary(analysis),
  ];
}

export function release(tag: string): string {
  return image(tag);
}
