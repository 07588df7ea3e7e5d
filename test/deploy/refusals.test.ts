import type { PerchError } from '../../lib/api/errors.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { ConfigMaps } from '../../lib/api/workloads.js';
import { conflictsOf } from '../../lib/deploy/conflict.js';
import { explainAnswer } from '../../lib/deploy/failure.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { application, configMap, createStage } from './stage.js';

const settings = (value: string) => configMap('settings', { a: value });

async function failure(promise: Promise<unknown>): Promise<PerchError> {
  return promise.then(
    () => Promise.reject(new Error('expected an error, got none')),
    (error: PerchError) => error,
  );
}

test('a field that somebody else has set is named with its owner and the construct, and nothing is written', async () => {
  const stage = createStage();
  await stage.deploy([settings('1')]);
  await stage.world.cluster.apply(ConfigMaps, settings('2'), { fieldManager: 'alice', force: true });
  const error = await failure(stage.plan([settings('3'), configMap('new', {})]));
  expect(error).toMatchObject({
    code: 'DEPLOY_CONFLICT',
    message: expect.stringContaining('.data.a (owned by alice)'),
    path: 'main/configmap-settings (ConfigMap default/settings)',
  });
  expect(error.remedy).toContain('--force-conflicts');
});

test('a field that somebody else has set is taken over when that is asked for', async () => {
  const stage = createStage();
  stage.world.apply([settings('2')]);
  await stage.deploy([settings('3')], { force: true });
  const live = await stage.world.cluster.get(ConfigMaps, { namespace: 'default', name: 'settings' });
  expect(live.data).toEqual({ a: '3' });
});

test('two programs of one name: the second is refused, unless it takes over', async () => {
  const stage = createStage();
  await stage.deploy([settings('1')]);
  const other = { ...application, program: 'blog/main.ts' };
  expect(await failure(stage.plan([settings('1')], { application: other }))).toMatchObject({
    code: 'DEPLOY_APP_CLAIMED',
    message: expect.stringContaining('found that shop/main.ts deploys it'),
  });
  expect((await stage.plan([settings('1')], { application: other, takeOver: true })).orphans).toEqual([]);
});

test('an object of another application is refused', async () => {
  const stage = createStage();
  await stage.deploy([settings('1')]);
  const other = { ...application, name: 'blog', program: 'blog/main.ts' };
  expect((await failure(stage.plan([settings('1')], { application: other }))).code).toBe(
    'DEPLOY_OTHER_APPLICATION',
  );
});

test('a kind that nobody knows is refused before anything is written', async () => {
  const stage = createStage();
  const unknown: KubeObject = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' } };
  expect(await failure(stage.plan([settings('1'), unknown]))).toMatchObject({
    code: 'DEPLOY_UNKNOWN_KIND',
    path: 'main/thing-a',
  });
});

test('a kind of perch itself comes with `perch crds`', async () => {
  const canary: KubeObject = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', metadata: { name: 'a' } };
  expect(await failure(createStage().plan([canary]))).toMatchObject({
    code: 'DEPLOY_UNKNOWN_KIND',
    remedy: 'install it: perch crds | kubectl apply --server-side -f -',
  });
});

test.each([
  [403, 'ask for a Role that allows what the message names'],
  [401, 'log in again: it does not take the credentials of the kubeconfig'],
  [400, 'see that the context of the kubeconfig is the cluster that you mean'],
  [0, 'run the same command again when the API server is back; --context'],
])('HTTP %i of a request that no program made has a remedy without a program', (status, remedy) => {
  const { message, remedy: said } = explainAnswer(new ApiError(status, '', 'no')) as PerchError;
  expect(message).toMatch(/: no$/);
  expect(said).toContain(remedy);
});

test('what the API server refuses is told with the construct that declares it', async () => {
  const stage = createStage();
  const broken = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: {},
  };
  expect(await failure(stage.plan([broken]))).toMatchObject({
    code: 'DEPLOY_REFUSED',
    path: 'main/service-web (Service default/web)',
    message: expect.stringContaining('spec.ports'),
  });
});

test('all that would be refused is told at once', async () => {
  const stage = createStage();
  const service = (name: string) =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: {} }) as KubeObject;
  const thing: KubeObject = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' } };
  const error = await failure(stage.plan([settings('1'), service('web'), thing, service('api')]));
  expect(error).toMatchObject({
    code: 'DEPLOY_REFUSED',
    message: expect.stringMatching(/^3 of 4 objects are refused, and nothing was applied:/),
  });
  for (const place of ['main/service-web', 'main/thing-a', 'main/service-api'])
    expect(error.message).toContain(place);
  expect(error.remedy).toContain('correct apiVersion and kind');
});

test('a failure in the middle says what was applied before it', async () => {
  const stage = createStage();
  const plan = await stage.plan([settings('1'), configMap('second', {}), configMap('third', {})]);
  const { cluster } = stage.world;
  const { apply } = cluster;
  let calls = 0;
  cluster.apply = ((...args: Parameters<typeof apply>) => {
    // The parent, the first member, and then the API server is away.
    if (++calls > 2) return Promise.reject(new ApiError(0, 'ConnectionFailed', 'connection refused'));
    return apply.apply(cluster, args);
  }) as typeof apply;
  expect(await failure(stage.apply(plan))).toMatchObject({
    code: 'DEPLOY_API_SERVER',
    message: expect.stringContaining(
      '1 of 3 changes were made before it, the last was ConfigMap default/settings',
    ),
  });
});

test('a failure while something is deleted says what was done before it, too', async () => {
  const stage = createStage();
  await stage.deploy([settings('1'), configMap('old', {})]);
  const plan = await stage.plan([settings('2')]);
  stage.world.cluster.delete = () =>
    Promise.reject(new ApiError(0, 'ConnectionFailed', 'connection refused'));
  expect(await failure(stage.apply(plan))).toMatchObject({
    code: 'DEPLOY_API_SERVER',
    path: 'ConfigMap default/old',
    message: expect.stringContaining('1 of 2 changes were made before it'),
  });
});

test('values of Secrets are not shown', async () => {
  const stage = createStage();
  const secret = (value: string) =>
    ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      data: { token: Buffer.from(value).toString('base64') },
    }) as KubeObject;
  await stage.deploy([secret('old-value')]);
  const plan = await stage.plan([secret('new-value')]);
  expect(plan.steps[0]?.fields).toEqual([
    { path: 'data.token', before: '(hidden)', after: '(hidden, changed)' },
  ]);
});

test.each([
  [
    'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
    [{ manager: 'kubectl', field: '.spec.replicas' }],
  ],
  [
    'Apply failed with 2 conflicts: conflicts with "perch" using apps/v1 at 2026-01-01T00:00:00Z:\n- .spec.replicas\n- .spec.template.spec.containers[name="app"].image',
    [
      { manager: 'perch', field: '.spec.replicas' },
      { manager: 'perch', field: '.spec.template.spec.containers[name="app"].image' },
    ],
  ],
  [
    'Apply failed with 2 conflicts: conflicts with "a":\n- .data.x\nconflicts with "b" using v1:\n- .data.y',
    [
      { manager: 'a', field: '.data.x' },
      { manager: 'b', field: '.data.y' },
    ],
  ],
])('conflicts are read from what the API server says: %s', (message, conflicts) => {
  expect(conflictsOf(new ApiError(409, 'Conflict', message))).toEqual(conflicts);
});

test('a conflict of versions is no conflict of fields', () => {
  expect(conflictsOf(new ApiError(409, 'Conflict', 'Operation cannot be fulfilled'))).toEqual([]);
});
