import type { AnalysisMatch, Canary } from '../../lib/api/canary.js';
import { type Ingress, Ingresses } from '../../lib/api/workloads.js';
import { routers } from '../../lib/routers/registry.js';
import { routerObjects } from '../conformance/routerObjects.js';
import type { RouterBench } from '../conformance/routers.js';
import { abTest } from './gatewayBench.js';
import { shareOf } from './ingressNginx.js';
import { routerContext } from './routerContext.js';

export const prefix = 'nginx.ingress.kubernetes.io';
export const apexKey = { namespace: 'test', name: 'podinfo' };
export const canaryKey = { namespace: 'test', name: 'podinfo-canary' };

export function canaryWith(match?: AnalysisMatch[]): Canary {
  return {
    metadata: { name: 'podinfo', namespace: 'test', uid: 'c0ffee' },
    spec: {
      provider: 'nginx',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'podinfo' },
      service: { port: 80 },
      analysis: { interval: '10s', threshold: 5, ...(match ? abTest(match) : { stepWeight: 10 }) },
    },
  };
}

export function apexIngress(): Ingress {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'podinfo',
      namespace: 'test',
      uid: 'apex',
      labels: { app: 'podinfo' },
      annotations: {
        [`${prefix}/proxy-body-size`]: '8m',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
    },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['app.example.com'], secretName: 'app-tls' }],
      rules: [
        {
          host: 'app.example.com',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'podinfo', port: { number: 80 } } },
              },
              {
                path: '/docs',
                pathType: 'Prefix',
                backend: { service: { name: 'docs', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  };
}

export interface NginxBench extends RouterBench {
  canaryIngress(): Ingress | undefined;
}

export function nginxBench(
  apex: Ingress | undefined = apexIngress(),
  annotationsPrefix = prefix,
): NginxBench {
  const objects = routerObjects();
  if (apex) objects.put(Ingresses, apex);
  const canaryIngress = (): Ingress | undefined => objects.read(Ingresses, canaryKey);
  return {
    router: routers.nginx(routerContext(objects, 'nginx', annotationsPrefix)),
    objects,
    canary: canaryWith(),
    abCanary: canaryWith([{ headers: { 'x-canary': { exact: 'insider' } } }]),
    canaryShare: (request) => shareOf(canaryIngress(), annotationsPrefix, request),
    routingObjects: () => [canaryIngress()],
    canaryIngress,
    meddle: () => {
      const ingress = canaryIngress()!;
      const annotations = { ...ingress.metadata.annotations, [`${annotationsPrefix}/canary-weight`]: '77' };
      objects.put(Ingresses, { ...ingress, metadata: { ...ingress.metadata, annotations } });
    },
  };
}
