import type { Canary } from 'perch';
import { hostOf, imageOf, place, prometheusAddress } from './place.ts';
import type { Story } from './story.ts';

const { namespace } = place;

/** Seconds that 99 of 100 requests to the new version's pods stay below. */
const latency = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'MetricTemplate',
  metadata: { name: 'latency', namespace },
  spec: {
    provider: { type: 'prometheus', address: prometheusAddress },
    query: `histogram_quantile(0.99, sum(rate(http_request_duration_seconds_bucket{
      kubernetes_namespace="{{ namespace }}",
      kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"
    }[{{ interval }}])) by (le))`,
  },
};

function deploymentOf(name: string): object {
  const labels = { app: name };
  const container = {
    name: 'podinfod',
    image: imageOf('6.9.0'),
    command: ['./podinfo', '--port=9898', '--level=error'],
    ports: [{ name: 'http', containerPort: 9898 }],
    readinessProbe: { httpGet: { path: '/readyz', port: 9898 }, periodSeconds: 1 },
    resources: { requests: { cpu: '5m', memory: '24Mi' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9898' },
        },
        spec: { containers: [container] },
      },
    },
  };
}

function ingressOf(name: string): object {
  const backend = { service: { name, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace },
    spec: {
      ingressClassName: place.ingressClass,
      rules: [{ host: hostOf(name), http: { paths: [{ pathType: 'Prefix', path: '/', backend }] } }],
    },
  };
}

function canaryOf({ name, analysis, spec }: Story): Canary {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name, namespace },
    spec: {
      provider: 'nginx',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name },
      progressDeadlineSeconds: 60,
      service: { port: 80, targetPort: 9898 },
      ...spec,
      analysis: {
        interval: '15s',
        threshold: 2,
        ...(analysis?.iterations === undefined && { stepWeight: 20, maxWeight: 40 }),
        metrics: [{ name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' }],
        ...analysis,
      },
    },
  };
}

/** The application of a story under its canary, for `kubectl apply` and for the simulator. */
export function manifestsOf(story: Story): object[] {
  const objects = [latency, deploymentOf(story.name), ingressOf(story.name), canaryOf(story)];
  // JSON drops what is undefined
  return JSON.parse(JSON.stringify(objects)) as object[];
}
