import * as k8s from '@pulumi/kubernetes';
import { CanaryPlatform, CanaryRelease, Metrics, Routing, Strategy } from 'perch/pulumi';

// What there was before perch. Its replicas are the controller's from now on.
const labels = { app: 'web' };
const shop = new k8s.core.v1.Namespace('shop');
const web = new k8s.apps.v1.Deployment(
  'web',
  {
    metadata: {
      name: 'web',
      namespace: shop.metadata.name,
      annotations: { 'pulumi.com/skipAwait': 'true' },
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'ghcr.io/stefanprodan/podinfo:6.9.0',
              ports: [{ name: 'http', containerPort: 9898 }],
            },
          ],
        },
      },
    },
  },
  { ignoreChanges: ['spec.replicas'] },
);

// The cluster has an ingress-nginx and a Prometheus already.
const platform = new CanaryPlatform('platform', {
  routing: Routing.ingressNginx({ install: false }),
  metrics: Metrics.existingPrometheus({ address: 'http://prometheus.monitoring:9090' }),
});

// Its name and namespace are Outputs of the Deployment.
const release = new CanaryRelease('web', {
  platform,
  deployment: web,
  port: 9898,
  host: 'shop.example.com',
  strategy: Strategy.canary({ stepWeights: [1, 5, 20, 50] }),
});

export const url = release.url;
