import { ApiError } from '../../lib/ports/cluster.js';
import { createStage, shop } from './stage.js';

test('an API server that is away for a while is asked again', async () => {
  const stage = createStage();
  const { cluster, clock } = stage.world;
  const plan = await stage.plan(shop());
  await stage.apply(plan);
  await stage.world.startController();
  const { get } = cluster;
  const back = clock.now() + 20_000;
  cluster.get = ((...args: Parameters<typeof get>) => {
    if (clock.now() < back) return Promise.reject(new ApiError(0, 'ConnectionFailed', 'connection refused'));
    return get.apply(cluster, args);
  }) as typeof get;
  await stage.wait(plan);
  expect(clock.now()).toBeGreaterThanOrEqual(back);
  expect(stage.told.at(-1)).toBe('ready Canary test/podinfo: Initialized');
});

test('an API server that does not come back ends the wait with what it said', async () => {
  const stage = createStage();
  const plan = await stage.plan(shop());
  await stage.apply(plan);
  stage.world.cluster.get = () => Promise.reject(new ApiError(0, 'ConnectionFailed', 'connection refused'));
  await expect(stage.wait(plan, 60_000)).rejects.toMatchObject({
    code: 'DEPLOY_TIMEOUT',
    message: 'waited 1m0s, and still: the API server does not answer: connection refused',
  });
});

test('a workload whose pods never get ready ends the wait, and says where it is declared', async () => {
  const stage = createStage();
  stage.world.behave(/broken/, { health: 'neverReady' });
  const labels = { app: 'broken' };
  const broken = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'broken', namespace: 'default' },
    spec: {
      progressDeadlineSeconds: 60,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'broken:1' }] } },
    },
  };
  await expect(stage.deploy([broken])).rejects.toMatchObject({
    code: 'DEPLOY_WORKLOAD_STUCK',
    path: 'main/deployment-broken',
  });
});
