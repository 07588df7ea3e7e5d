import { flaggerCrds } from '../lib/api/crds.js';
import type { KubeObject } from '../lib/api/kinds.js';

export const NAMESPACE = 'perch-bench';

/** What every application needs to be there first. */
export function foundation(): KubeObject[] {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  return [...(flaggerCrds() as KubeObject[]), namespace];
}

/** An application as a user has it: workload, Ingress and release policy. */
export function application(name: string, replicas: number, namespace = NAMESPACE): KubeObject[] {
  const metadata = { name, namespace };
  return [deployment(metadata, replicas), ingress(metadata), canary(metadata)] as KubeObject[];
}

interface Named {
  readonly name: string;
  readonly namespace: string;
}

function deployment(metadata: Named, replicas: number) {
  const labels = { app: metadata.name };
  const probe = { httpGet: { path: '/readyz', port: 9898 }, periodSeconds: 3 };
  const container = {
    name: 'podinfod',
    image: 'ghcr.io/stefanprodan/podinfo:6.9.0',
    ports: [{ name: 'http', containerPort: 9898 }],
    command: ['./podinfo', '--port=9898', '--level=info'],
    env: [{ name: 'PODINFO_UI_COLOR', value: '#34577c' }],
    readinessProbe: probe,
    livenessProbe: probe,
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

function ingress(metadata: Named) {
  const backend = { service: { name: metadata.name, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: `${metadata.name}.example.com`,
          http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
        },
      ],
    },
  };
}

function canary(metadata: Named) {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata,
    spec: {
      provider: 'nginx',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: metadata.name },
      progressDeadlineSeconds: 60,
      service: { port: 80, targetPort: 9898 },
      analysis: {
        interval: '10s',
        threshold: 10,
        maxWeight: 50,
        stepWeight: 5,
        metrics: [{ name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' }],
      },
    },
  };
}
