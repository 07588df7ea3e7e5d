import { defineKind, type KubeObject } from '../../lib/api/kinds.js';
import { namespace } from '../sim/podinfo.js';
import { definition } from './definition.js';
import { given, hook, onVirtualCluster } from './scene.js';

/* How traffic and counters go on: canary weights, blue/green, A/B, and what failed checks cost. */

const none = { stepWeight: undefined, maxWeight: undefined };

describe('a canary by weights', () => {
  it.each([
    ['stepWeight and maxWeight', { stepWeight: 20, maxWeight: 40 }, [0, 20, 40, 0]],
    ['a step that passes the maximum', { stepWeight: 30, maxWeight: 50 }, [0, 30, 60, 0]],
    ['no maximum', { stepWeight: 50, maxWeight: undefined }, [0, 50, 100, 0]],
    ['stepWeights', { ...none, stepWeights: [1, 10, 80] }, [0, 1, 10, 80, 0]],
    ['stepWeights that do not rise', { ...none, stepWeights: [10, 5, 20] }, [0, 10, 20, 0]],
  ])('follows %s', async (_, analysis, weights) => {
    const scene = await given({ analysis });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual(weights);
  });

  it('gives the users the same shares', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await scene.reachesWeight(50);
    expect(scene.ground.users()).toEqual({ '6.9.0': 50, '6.9.1': 50 });
  });

  it('takes one interval a step, and promotes when the last weight was analysed', async () => {
    const scene = await given({ analysis: { interval: '30s' } });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.ground.elapse(27_900);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await scene.ground.elapse(3_200);
    expect(scene.ground.users()).toEqual({ '6.9.0': 50, '6.9.1': 50 });
    await scene.ground.elapse(26_800);
    expect((await scene.status()).phase).toBe('Progressing');
    await scene.reaches('Promoting');
  });

  it('goes back to the primary by steps where stepWeightPromotion says so', async () => {
    const scene = await given({ analysis: { stepWeightPromotion: 20 } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 30, 10, 0]);
    expect(said.filter((text) => text.includes('primary weight'))).toEqual(
      [70, 90, 100].map((weight) => `Advance podinfo.test primary weight ${weight}`),
    );
  });

  it('waits at a weight until the next is approved, without counting that as a failure', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-traffic-increase', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.hears(
      'Halt podinfo.test advancement waiting for traffic increase approval confirm-traffic-increase',
    );
    await scene.ground.elapse(120_000);
    expect(await scene.status()).toMatchObject({ phase: 'Progressing', canaryWeight: 0, failedChecks: 0 });
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    expect((await scene.story()).said).toContain(
      'Confirm-traffic-increase check confirm-traffic-increase passed',
    );
  });
});

describe('blue/green', () => {
  const analysis = { ...none, iterations: 2 };

  it('analyses the canary without users, then with all of them, and promotes', async () => {
    const scene = await given({ analysis });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 100, 0]);
    expect(said.slice(2, 5)).toEqual([
      'Advance podinfo.test canary iteration 1/2',
      'Advance podinfo.test canary iteration 2/2',
      'Routing all traffic to canary',
    ]);
    expect(await scene.status()).toMatchObject({ iterations: 0, canaryWeight: 0 });
  });

  it('on plain Services counts ten iterations where the canary asks for weights, and says so', async () => {
    const scene = await given({ spec: { provider: 'kubernetes' } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    expect(said).toContain('Progressive traffic is not supported when using the kubernetes provider');
    expect(said).toContain('Setting canaryAnalysis.iterations: 10');
    expect(said).toContain('Advance podinfo.test canary iteration 10/10');
    expect(said).not.toContain('Routing all traffic to canary');
  });
});

describe('blue/green with mirroring', () => {
  const ofIstio = { provider: 'istio', service: { port: 80, targetPort: 9898, hosts: ['app.example.com'] } };
  const crds = [
    definition('networking.istio.io', 'v1beta1', 'VirtualService', 'virtualservices'),
    definition('networking.istio.io', 'v1beta1', 'DestinationRule', 'destinationrules'),
  ];
  const objects = (stack: KubeObject[]) => [...crds, ...stack];
  const route = defineKind<KubeObject & { spec: { http: { mirror?: object }[] } }>(
    'networking.istio.io',
    'v1beta1',
    'VirtualService',
    'virtualservices',
  );

  onVirtualCluster(
    'copies requests to the canary, which answers nobody, until it takes them all',
    async () => {
      const analysis = { ...none, iterations: 2, mirror: true };
      const scene = await given({ objects, spec: ofIstio, analysis });
      await scene.release('6.9.1');
      await scene.hears('Advance podinfo.test canary iteration 1/2');
      await scene.ground.elapse(500);
      const { spec } = await scene.ground.cluster.get(route, { namespace, name: 'podinfo' });
      expect(spec.http[0]?.mirror).toMatchObject({ host: 'podinfo-canary' });
      expect(await scene.status()).toMatchObject({ canaryWeight: 0, iterations: 1 });
      await scene.reaches('Succeeded');
      const { weights, said } = await scene.story();
      expect(weights).toEqual([0, 100, 0]);
      expect(said).toContain('Stop traffic mirroring and route all traffic to canary');
      const after = await scene.ground.cluster.get(route, { namespace, name: 'podinfo' });
      expect(after.spec.http[0]?.mirror).toBeUndefined();
    },
  );

  onVirtualCluster('before the first weight of a canary too', async () => {
    const scene = await given({ objects, spec: ofIstio, analysis: { mirror: true } });
    await scene.release('6.9.1');
    await scene.hears('Advance podinfo.test canary weight 0');
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said.filter((text) => text.startsWith('Advance'))).toHaveLength(3);
  });
});

describe('an A/B test', () => {
  const match = [{ headers: { 'x-canary': { exact: 'insider' } } }];

  it.each([
    ['a header', match, { 'x-canary': 'insider' }, { 'x-canary': 'anybody' }],
    [
      'a cookie',
      [{ headers: { cookie: { exact: 'insider' } } }],
      { cookie: 'a=b; insider=always' },
      { cookie: 'insider=never' },
    ],
  ])(
    'shows the canary to those who are chosen by %s, and to nobody else',
    async (_, rule, chosen, others) => {
      const scene = await given({ analysis: { ...none, iterations: 3, match: rule } });
      await scene.release('6.9.1');
      await scene.hears('Advance podinfo.test canary iteration 1/3');
      await scene.ground.elapse(500);
      expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
      expect(scene.ground.users(others)).toEqual({ '6.9.0': 100 });
      expect(scene.ground.users(chosen)).toEqual({ '6.9.1': 100 });
      await scene.reaches('Succeeded');
      expect(scene.ground.users(chosen)).toEqual({ '6.9.1': 100 });
      expect(await scene.image('podinfo-primary')).toBe('6.9.1');
    },
  );

  it.each<[string, object]>([
    ['blue/green', { match: null }],
    ['a canary by weights', { match: null, iterations: null, stepWeight: 25, maxWeight: 50 }],
  ])('that becomes %s in the middle of a run shows nobody else what some were shown', async (_, analysis) => {
    const scene = await given({ analysis: { ...none, iterations: 10, match } });
    await scene.release('6.9.1');
    await scene.hears('Advance podinfo.test canary iteration 2/10');
    await scene.edit({ spec: { analysis } });
    await scene.ground.elapse(2_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    await scene.reaches('Succeeded');
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
    const { said } = await scene.story();
    expect(said.filter((text) => text === 'Starting canary analysis for podinfo.test')).toHaveLength(2);
  });

  it('that is no longer one leaves everybody with the primary, also where the promotion failed', async () => {
    const scene = await given({
      analysis: { ...none, iterations: 2, match },
      spec: { progressDeadlineSeconds: 60 },
    });
    await scene.release('6.9.1');
    await scene.hears('Advance podinfo.test canary iteration 2/2');
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await scene.reaches('Failed');
    await scene.edit({ spec: { analysis: { match: null } } });
    await scene.ground.elapse(2_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });

  it('on plain Services is blue/green, and that is said', async () => {
    const scene = await given({
      spec: { provider: 'kubernetes' },
      analysis: { ...none, iterations: 2, match },
    });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    expect(said).toContain('A/B testing is not supported when using the kubernetes provider');
    expect(said).toContain('Advance podinfo.test canary iteration 2/2');
  });
});

describe('checks', () => {
  it('that fail now and then do not end a run, and are counted over the whole of it', async () => {
    const scene = await given({
      analysis: { threshold: 3, webhooks: [hook('rollout', 'gate/check')] },
    });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.hears('Halt podinfo.test advancement external check rollout failed Forbidden');
    await scene.ground.gate('gate/open');
    await scene.reachesWeight(50);
    expect((await scene.status()).failedChecks).toBe(1);
    await scene.ground.gate('gate/close');
    await scene.reaches('Failed');
    expect((await scene.story()).alerts.at(-1)).toBe('error: Failed checks threshold reached 3');
  });

  it('before the first weight are those of type pre-rollout alone', async () => {
    const webhooks = [hook('pre-rollout', 'gate/check'), hook('rollout', 'gate/halt')];
    const scene = await given({ analysis: { threshold: 3, webhooks } });
    await scene.release('6.9.1');
    await scene.hears('Halt podinfo.test advancement pre-rollout check pre-rollout failed Forbidden');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    await scene.ground.gate('gate/open');
    await scene.reachesWeight(25);
    expect((await scene.story()).said).toContain('Pre-rollout check pre-rollout passed');
  });

  it('stop at the first that fails', async () => {
    const webhooks = [
      hook('rollout', 'gate/halt', { name: 'first' }),
      hook('rollout', 'gate/halt', { name: 'second' }),
    ];
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    expect((await scene.story()).said.filter((text) => text.includes('second'))).toEqual([]);
  });

  it('tell the hooks of the end how it ended', async () => {
    const webhooks = [hook('post-rollout', 'gate/approve')];
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect((await scene.story()).said).toContain('Post-rollout check post-rollout passed');
  });

  it('of the success rate see the errors of the canary alone', async () => {
    const metrics = [{ name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' }];
    const scene = await given({ usersPerSecond: 20, analysis: { metrics } });
    scene.ground.behave('6.9.1', { errorRate: 0.5 });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    const { said } = await scene.story();
    expect(said.filter((text) => /advancement success rate \d+\.\d\d% < 99%/.test(text))).not.toEqual([]);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });
});
