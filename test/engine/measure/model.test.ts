import type { Canary } from '../../../lib/api/canary.js';
import type { KubeObject } from '../../../lib/api/kinds.js';
import { primaryRevisionAnnotation } from '../../../lib/api/knative.js';
import { queryModel } from '../../../lib/engine/measure/model.js';
import type { Objects } from '../../../lib/ports/objects.js';

const canary = {
  metadata: { name: 'hello', namespace: 'test' },
  spec: { targetRef: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'hello' } },
} as unknown as Canary;

function modelOf(service: object | undefined) {
  const objects = { read: () => service as KubeObject } as unknown as Objects;
  const { route, primaryRevision } = queryModel(objects, canary, '1m');
  return { route, primaryRevision };
}

it('the queries of a Knative Service name its newest revision, and the one that production is at', () => {
  const status = { latestCreatedRevisionName: 'hello-00002' };
  const metadata = { annotations: { [primaryRevisionAnnotation]: 'hello-00001' } };
  expect(modelOf({ metadata, status })).toEqual({ route: 'hello-00002', primaryRevision: 'hello-00001' });
});

it('the queries of a Knative Service that nobody has seen yet name the target', () => {
  expect(modelOf({ metadata: {} })).toEqual({ route: 'hello', primaryRevision: undefined });
  expect(modelOf(undefined)).toEqual({ route: 'hello', primaryRevision: undefined });
});
