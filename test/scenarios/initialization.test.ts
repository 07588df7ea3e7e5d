import { Deployments, HorizontalPodAutoscalers, Services } from '../../lib/api/workloads.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { namespace } from '../sim/podinfo.js';
import { declared, given, hook } from './scene.js';

/* What happens until a canary is Initialized, and in phases where nothing is to be done. */

describe('a canary that is new', () => {
  it('gets a primary, three Services and all traffic on it before the target goes down', async () => {
    const scene = await declared();
    await scene.ground.startController();
    await scene.reaches('Initialized');
    const { phases, said, alerts } = await scene.story();
    expect(phases).toEqual(['Initializing', 'Initialized']);
    expect(said.slice(-2)).toEqual([
      'all the metrics providers are available!',
      'Initialization done! podinfo.test',
    ]);
    expect(alerts).toEqual(['info: New Deployment detected, initialization completed.']);
    const selectors = ['podinfo', 'podinfo-primary', 'podinfo-canary'].map(async (name) => {
      const { spec } = await scene.ground.cluster.get(Services, { namespace, name });
      return spec.selector;
    });
    expect(await Promise.all(selectors)).toEqual([
      { app: 'podinfo-primary' },
      { app: 'podinfo-primary' },
      { app: 'podinfo' },
    ]);
    expect(await scene.replicas('podinfo')).toBe(0);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    const { lastAppliedSpec, lastPromotedSpec, conditions } = await scene.status();
    expect(lastPromotedSpec).toBe(lastAppliedSpec);
    expect(conditions?.find(({ type }) => type === 'Promoted')).toMatchObject({
      status: 'True',
      message: 'Deployment initialization completed.',
    });
  });

  it('keeps its target up as long as its own Service cannot be made', async () => {
    const scene = await declared();
    const quota = new ApiError(409, 'Conflict', 'Operation cannot be fulfilled on resourcequotas "team"');
    scene.ground.fail(
      ({ verb, kind, key }) => verb === 'create' && kind === Services.kind && key?.name === 'podinfo',
      quota,
    );
    await scene.ground.startController();
    await scene.ground.elapse(60_000);
    expect((await scene.status()).phase).toBe('Initializing');
    expect(await scene.replicas('podinfo')).toBeGreaterThan(0);
    scene.ground.fail(undefined);
    await scene.reaches('Initialized');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });

  it('says which metrics server does not answer, and goes on', async () => {
    const metrics = [{ name: 'request-success-rate', thresholdRange: { min: 99 } }];
    const spec = { metricsServer: 'http://nobody.monitoring:9090' };
    const scene = await declared({ spec, analysis: { metrics } });
    await scene.ground.startController();
    await scene.reaches('Initialized');
    const { said } = await scene.story();
    expect(said.find((text) => text.startsWith('Error checking metric providers: '))).toContain(
      'nobody.monitoring',
    );
  });

  it('gives the primary a copy of the autoscaler', async () => {
    const autoscalerRef = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'podinfo' };
    const autoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'podinfo', namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
        minReplicas: 2,
        maxReplicas: 4,
      },
    };
    const objects = (stack: object[]) => [...stack.slice(0, -1), autoscaler, ...stack.slice(-1)] as never[];
    const scene = await given({ spec: { autoscalerRef }, objects });
    const copy = await scene.ground.cluster.get(HorizontalPodAutoscalers, {
      namespace,
      name: 'podinfo-primary',
    });
    expect(copy.spec).toMatchObject({
      scaleTargetRef: { name: 'podinfo-primary' },
      minReplicas: 2,
      maxReplicas: 4,
    });
  });

  it('keeps the target up when the primary does not become ready, and says so', async () => {
    const before = (ground: { behave(tag: string, behaviour: { health: 'neverReady' }): void }) =>
      ground.behave('6.9.0', { health: 'neverReady' });
    const scene = await declared({ spec: { progressDeadlineSeconds: 60 }, before });
    await scene.ground.startController();
    await scene.reaches('Failed');
    expect(await scene.replicas('podinfo')).toBe(1);
    expect((await scene.status()).history).toMatchObject([{ outcome: 'Failed', steps: [] }]);
    expect(
      (await scene.story()).said.some((text) => text.startsWith('podinfo-primary.test not ready: ')),
    ).toBe(true);
  });

  it('says what is missing while its target does not exist, and begins when it does', async () => {
    let target: object | undefined;
    const objects = (stack: { kind?: string; metadata: { name?: string } }[]) => {
      const isTarget = ({ kind, metadata }: (typeof stack)[number]) =>
        kind === 'Deployment' && metadata.name === 'podinfo';
      target = stack.find(isTarget);
      return stack.filter((object) => !isTarget(object)) as never[];
    };
    const scene = await declared({ objects });
    await scene.ground.startController();
    await scene.ground.elapse(60_000);
    expect((await scene.story()).said.some((text) => text.includes('podinfo'))).toBe(true);
    await scene.ground.apply([target as never]);
    await scene.reaches('Initialized');
  });
});

describe('a canary that is suspended', () => {
  it('in the middle of a run stays where it is, and goes on from there', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.edit({ spec: { suspend: true } });
    await scene.ground.elapse(300_000);
    expect(await scene.status()).toMatchObject({ phase: 'Progressing', canaryWeight: 25 });
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await scene.edit({ spec: { suspend: false } });
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said).toContain('skipping canary run as object is suspended');
  });
});

describe('a canary at rest', () => {
  it('does nothing while it is suspended, and catches up afterwards', async () => {
    const scene = await given();
    const suspended = async () => (await scene.story()).said.filter((text) => text.includes('suspended'));
    await scene.edit({ spec: { suspend: true } });
    await scene.ground.elapse(1_000);
    expect(await suspended()).toHaveLength(1);
    await scene.release('6.9.1');
    await scene.ground.elapse(300_000);
    expect(await scene.replicas('podinfo')).toBe(0);
    expect((await scene.status()).phase).toBe('Initialized');
    expect(await suspended()).toEqual([]);
    await scene.edit({ spec: { suspend: false } });
    await scene.reaches('Succeeded');
  });

  it('does not release what is no new revision: replicas, labels of the Deployment', async () => {
    const scene = await given();
    const key = { namespace, name: 'podinfo' };
    const patch = { metadata: { labels: { team: 'a' } }, spec: { minReadySeconds: 1 } };
    await scene.ground.cluster.patch(Deployments, key, 'merge', patch);
    await scene.ground.elapse(120_000);
    expect((await scene.status()).phase).toBe('Initialized');
  });

  it('puts back a Service that somebody else changed', async () => {
    const scene = await given();
    const key = { namespace, name: 'podinfo' };
    await scene.ground.cluster.patch(Services, key, 'merge', { spec: { selector: { app: 'nobody' } } });
    await scene.ground.elapse(60_000);
    expect((await scene.ground.cluster.get(Services, key)).spec.selector).toEqual({ app: 'podinfo-primary' });
  });

  it('asks for approval once a check, and says so once', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-rollout', 'gate/halt')] } });
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await scene.ground.elapse(120_000);
    const { said } = await scene.story();
    expect(said).toEqual(['Halt podinfo.test advancement waiting for approval confirm-rollout']);
  });
});
