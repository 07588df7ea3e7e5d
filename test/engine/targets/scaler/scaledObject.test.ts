import type { CanarySpec } from '../../../../lib/api/canary.js';
import { type ScaledObject, ScaledObjects } from '../../../../lib/api/workloads.js';
import { initialized, NAMESPACE, podinfoCanary, type World } from '../../world.js';

const PAUSED = 'autoscaling.keda.sh/paused-replicas';
const find = (world: World, name: string): ScaledObject | undefined =>
  world.cluster.find(ScaledObjects, { namespace: NAMESPACE, name });
const isPaused = (world: World, name: string) => find(world, name)?.metadata.annotations?.[PAUSED] === '0';

const query = 'sum(rate(requests{pod=~"podinfo-canary-.*|podinfo-.*|podinfo-primary-.*"}[1m]))';

/** podinfo scaled by KEDA, at rest; `paused` as Flagger may have left it. */
async function scaled(
  ref: Partial<NonNullable<CanarySpec['autoscalerRef']>> = {},
  paused = false,
): Promise<World> {
  const autoscalerRef = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    name: 'podinfo',
    ...ref,
  } as const;
  return initialized(podinfoCanary({ threshold: 2 }, { autoscalerRef }), {}, ({ cluster }) => {
    cluster.seed(ScaledObjects, {
      metadata: {
        name: 'podinfo',
        namespace: NAMESPACE,
        annotations: {
          'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          ...(paused ? { [PAUSED]: '0' } : {}),
        },
      },
      spec: {
        scaleTargetRef: { name: 'podinfo' },
        minReplicaCount: 2,
        maxReplicaCount: 4,
        pollingInterval: 10,
        advanced: { horizontalPodAutoscalerConfig: { name: 'podinfo-hpa' } },
        triggers: [
          { type: 'prometheus', name: 'load', metadata: { serverAddress: 'http://prometheus:9090', query } },
          { type: 'cpu', metadata: { value: '80' } },
        ],
      },
    });
  });
}

describe('a ScaledObject of KEDA', () => {
  it('has a copy for the primary, about the primary; the target’s is paused', async () => {
    const world = await scaled({}, true);
    expect(world.canary().status?.phase).toBe('Initialized');
    expect(find(world, 'podinfo-primary')?.metadata.annotations).toEqual({
      'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
    });
    expect(find(world, 'podinfo-primary')?.spec).toMatchObject({
      scaleTargetRef: { name: 'podinfo-primary' },
      minReplicaCount: 2,
      maxReplicaCount: 4,
      pollingInterval: 10,
      advanced: { horizontalPodAutoscalerConfig: { name: 'podinfo-hpa-primary' } },
      triggers: [
        {
          metadata: {
            query: 'sum(rate(requests{pod=~"podinfo-primary-.*|podinfo-primary-.*|podinfo-primary-.*"}[1m]))',
          },
        },
        { type: 'cpu', metadata: { value: '80' } },
      ],
    });
    expect([isPaused(world, 'podinfo'), isPaused(world, 'podinfo-primary')]).toEqual([true, false]);
    await world.controller.stop();
  });

  it('asks what the canary says for the primary, within the bounds it says', async () => {
    const world = await scaled({
      primaryScalerQueries: { load: 'sum(primary)' },
      primaryScalerReplicas: { minReplicas: 3, maxReplicas: 9 },
    });
    expect(find(world, 'podinfo-primary')?.spec).toMatchObject({
      minReplicaCount: 3,
      maxReplicaCount: 9,
      triggers: [{ metadata: { query: 'sum(primary)' } }, { type: 'cpu' }],
    });
    await world.controller.stop();
  });

  it('scales the target during a run only, and the primary gets its new settings when promoted', async () => {
    const world = await scaled();
    world.cluster.edit(ScaledObjects, NAMESPACE, 'podinfo', ({ spec }) => {
      spec.maxReplicaCount = 8;
    });
    world.release('podinfo:2.0.0');
    await world.clock.advance(10_000);
    expect([isPaused(world, 'podinfo'), find(world, 'podinfo-primary')?.spec.maxReplicaCount]).toEqual([
      false,
      4,
    ]);
    await world.clock.advance(130_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    expect([isPaused(world, 'podinfo'), find(world, 'podinfo-primary')?.spec.maxReplicaCount]).toEqual([
      true,
      8,
    ]);
    await world.controller.stop();
  });

  it('is paused again after a rollback', async () => {
    const world = await scaled();
    world.metric = () => ({ kind: 'value', value: 1 });
    world.release('podinfo:2.0.0');
    await world.clock.advance(60_000);
    expect([world.canary().status?.phase, isPaused(world, 'podinfo')]).toEqual(['Failed', true]);
    await world.controller.stop();
  });

  it('that is not there is said', async () => {
    const world = await scaled({ name: 'other' });
    expect(world.events()).toContainEqual(
      expect.stringContaining(
        'ScaledObject other.test get query error: scaledobjects.keda.sh "other" not found',
      ),
    );
    await world.controller.stop();
  });
});
