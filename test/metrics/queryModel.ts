import type { QueryModel } from '../../lib/ports/metrics.js';

export const model: QueryModel = {
  name: 'podinfo',
  namespace: 'test',
  target: 'podinfo-deploy',
  service: 'podinfo-svc',
  ingress: 'podinfo-ing',
  route: 'podinfo-route',
  interval: '1m',
  variables: { a: 'x', b: 'y' },
};
