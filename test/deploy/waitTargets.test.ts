import { Canaries } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { KnativeServices } from '../../lib/api/knative.js';
import { createStage, definition, type Stage, shop } from './stage.js';

const key = { namespace: 'test', name: 'legacy' };

/** A canary of whatever else is called `legacy`. */
function canaryOf(apiVersion: string, provider: string): KubeObject {
  const analysis = { interval: '10s', threshold: 2, iterations: 5 };
  const targetRef = { apiVersion, kind: 'Service', name: 'legacy' };
  const spec = { provider, targetRef, service: { port: 80 }, analysis };
  return { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', metadata: key, spec } as KubeObject;
}

describe('a canary of a Service', () => {
  const legacy = (version: string): KubeObject[] => [
    ...shop(),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: key,
      spec: { selector: { app: version }, ports: [{ name: 'http', port: 80 }] },
    } as KubeObject,
    canaryOf('v1', 'kubernetes'),
  ];

  async function changed(): Promise<Stage> {
    const stage = createStage();
    await stage.apply(await stage.plan(legacy('v1')));
    const controller = await stage.world.startController();
    await stage.deploy(legacy('v1'));
    await controller.stop();
    await stage.apply(await stage.plan(legacy('v2')));
    return stage;
  }

  test('is not ready while the controller has not seen what its target is now', async () => {
    const stage = await changed();
    await expect(stage.wait(await stage.plan(legacy('v2')), 60_000)).rejects.toMatchObject({
      code: 'DEPLOY_TIMEOUT',
      path: 'Canary test/legacy',
    });
  });

  test('is ready when the controller has promoted what its target is now', async () => {
    const stage = await changed();
    await stage.world.startController();
    await stage.wait(await stage.plan(legacy('v2')));
    const { status } = await stage.world.cluster.get(Canaries, key);
    expect(status).toMatchObject({ phase: 'Succeeded', lastPromotedSpec: status?.lastAppliedSpec });
  });

  test('runs no image that could be waited for, which is said at once', async () => {
    const stage = await changed();
    await expect(stage.waitFor(key, '6.9.1')).rejects.toMatchObject({
      code: 'CLI_FLAG_VALUE',
      message: expect.stringMatching(/^expected the hash of a revision, such as p1:[0-9a-f]+, got 6\.9\.1: /),
      path: '--revision',
    });
  });
});

describe('a canary of a Knative Service', () => {
  const legacy = (image: string): KubeObject[] => [
    ...shop(),
    definition('serving.knative.dev', 'Service', 'services', ['v1']),
    {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: key,
      spec: { template: { spec: { containers: [{ image }] } } },
    } as KubeObject,
    canaryOf('serving.knative.dev/v1', 'knative'),
  ];

  /** What Knative writes when it has made a revision of the template as it is. */
  async function revised({ world }: Stage, latestCreatedRevisionName: string): Promise<void> {
    const live = await world.cluster.get(KnativeServices, key);
    const status = { observedGeneration: live.metadata.generation!, latestCreatedRevisionName };
    await world.cluster.updateStatus(KnativeServices, { ...live, status });
  }

  /** What the controller writes when it has promoted a revision. */
  async function promoted({ world }: Stage, revision: string): Promise<void> {
    const live = await world.cluster.get(Canaries, key);
    const lastTransitionTime = new Date(world.clock.now()).toISOString();
    const times = { lastTransitionTime, lastUpdateTime: lastTransitionTime };
    const conditions = [{ type: 'Ready', status: 'True', reason: 'Succeeded', message: '', ...times }];
    const specs = { lastAppliedSpec: revision, lastPromotedSpec: revision };
    const status = { phase: 'Succeeded', observedGeneration: live.metadata.generation, conditions, ...specs };
    await world.cluster.updateStatus(Canaries, { ...live, status } as typeof live);
  }

  async function changed(): Promise<Stage> {
    const stage = createStage();
    await stage.apply(await stage.plan(legacy('shop:1')));
    await revised(stage, 'legacy-00001');
    await promoted(stage, 'p1:legacy-00001');
    await stage.waitFor(key);
    await stage.apply(await stage.plan(legacy('shop:2')));
    return stage;
  }

  test('is not ready while Knative has made no revision of its template', async () => {
    const stage = await changed();
    await expect(stage.waitFor(key)).rejects.toMatchObject({
      code: 'DEPLOY_TIMEOUT',
      message: 'waited 1m0s, and still: Knative has made no revision of its target yet',
    });
  });

  test('is not ready while the controller has not seen the new revision', async () => {
    const stage = await changed();
    await revised(stage, 'legacy-00002');
    await expect(stage.waitFor(key)).rejects.toMatchObject({ code: 'DEPLOY_TIMEOUT' });
  });

  test.each([undefined, '2', 'shop:2', 'p1:legacy-00002'])(
    'is ready when the controller has promoted the new revision, asked for as %s',
    async (asked) => {
      const stage = await changed();
      await revised(stage, 'legacy-00002');
      await promoted(stage, 'p1:legacy-00002');
      expect(await stage.waitFor(key, asked)).toMatchObject({
        verdict: 'succeeded',
        revision: 'p1:legacy-00002',
      });
    },
  );
});
