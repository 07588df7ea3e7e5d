import { Canaries, type Canary } from '../../../lib/api/canary.js';
import type { Kind, KubeObject } from '../../../lib/api/kinds.js';
import { MetricTemplates } from '../../../lib/api/metricTemplate.js';
import { Deployments, HorizontalPodAutoscalers, Ingresses, Services } from '../../../lib/api/workloads.js';
import { keyOf } from '../../../lib/engine/cache/key.js';
import { createReferences } from '../../../lib/engine/wiring/references.js';
import { createWaker } from '../../../lib/engine/wiring/waker.js';
import { NAMESPACE, podinfoCanary } from '../world.js';

function waking(canary: Canary = podinfoCanary()) {
  const woken: string[] = [];
  const gone: string[] = [];
  const found = createReferences();
  const listen = createWaker({
    wake: (key) => woken.push(key),
    gone: (key) => gone.push(key),
    routingKinds: () => [Ingresses],
    found,
  });
  listen(Canaries, { key: keyOf(canary), before: undefined, after: canary });
  woken.length = 0;
  const change = (kind: Kind, before: KubeObject | undefined, after: KubeObject | undefined) =>
    listen(kind, { key: keyOf((after ?? before)!), before, after });
  return { woken, gone, change, canary };
}

const named = (name: string, more: object = {}) => ({ metadata: { name, namespace: NAMESPACE }, ...more });
const autoscalerRef = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  name: 'scaler',
} as const;

describe('a canary', () => {
  it.each([
    [Deployments, 'podinfo'],
    [Deployments, 'podinfo-primary'],
    [HorizontalPodAutoscalers, 'scaler'],
    [HorizontalPodAutoscalers, 'scaler-primary'],
    [Services, 'podinfo'],
    [Services, 'podinfo-primary'],
    [Services, 'podinfo-canary'],
    [Ingresses, 'podinfo'],
    [Ingresses, 'podinfo-canary'],
  ])('is woken by its %j %s', (kind, name) => {
    const { woken, change } = waking(podinfoCanary({}, { autoscalerRef }));
    change(kind as Kind, undefined, named(name));
    change(kind as Kind, named(name), undefined);
    expect(woken).toEqual(['test/podinfo', 'test/podinfo']);
  });

  it.each([
    [Deployments, 'other'],
    [Deployments, 'podinfo-canary'],
    [MetricTemplates, 'podinfo'],
  ])('sleeps through changes of %j %s', (kind, name) => {
    const { woken, change } = waking();
    change(kind as Kind, undefined, named(name));
    expect(woken).toEqual([]);
  });

  it('is woken by the pods of its Deployments, but not by what else only reports', () => {
    const { woken, change } = waking(podinfoCanary({}, { autoscalerRef }));
    change(
      HorizontalPodAutoscalers,
      named('scaler', { status: { now: 1 } }),
      named('scaler', { status: { now: 2 } }),
    );
    change(
      Ingresses,
      named('podinfo', { status: { ip: '' } }),
      named('podinfo', { status: { ip: '10.0.0.1' } }),
    );
    expect(woken).toEqual([]);
    change(Deployments, named('podinfo', { status: {} }), named('podinfo', { status: { readyReplicas: 1 } }));
    change(Ingresses, named('podinfo', { spec: { rules: [] } }), named('podinfo', { spec: { rules: [1] } }));
    expect(woken).toEqual(['test/podinfo', 'test/podinfo']);
  });

  it('follows its target when that is another', () => {
    const { woken, change, canary } = waking();
    const moved = podinfoCanary({}, { targetRef: { ...canary.spec.targetRef, name: 'web' } });
    change(Canaries, canary, moved);
    woken.length = 0;
    change(Deployments, undefined, named('podinfo'));
    change(Deployments, undefined, named('web'));
    expect(woken).toEqual(['test/podinfo']);
  });

  it('that is deleted is woken by nothing', () => {
    const { woken, gone, change, canary } = waking();
    change(Canaries, canary, undefined);
    change(Deployments, undefined, named('podinfo'));
    expect([woken, gone]).toEqual([[], ['test/podinfo']]);
  });
});
