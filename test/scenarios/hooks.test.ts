import { given, hook, type Scene } from './scene.js';

/* Who is asked when, what they are told, and what their answers do: the rows of Flagger's hook types. */

const everyType = [
  hook('confirm-rollout', 'gate/approve'),
  hook('pre-rollout', 'gate/approve'),
  hook('rollout', 'gate/approve'),
  hook('confirm-traffic-increase', 'gate/approve'),
  hook('confirm-promotion', 'gate/approve'),
  hook('post-rollout', 'gate/approve'),
  hook('rollback', 'rollback/check'),
];

const named = everyType.map((webhook) => ({
  ...webhook,
  metadata: { is: (webhook as { type: string }).type },
}));

/** Hooks that were called since the release, each with the phase that it was told. */
function called(scene: Scene, from = 0): string[] {
  return scene.ground.posts.slice(from).map(({ body }) => `${body.metadata?.is} ${body.phase}`);
}

describe('hooks', () => {
  it('of every type are called in the order of a release, with its phase', async () => {
    const scene = await given({ analysis: { stepWeight: 50, maxWeight: 50, webhooks: named } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect(called(scene)).toEqual([
      'confirm-rollout Initialized',
      'rollback Progressing',
      'pre-rollout Progressing',
      'confirm-traffic-increase Progressing',
      'rollback Progressing',
      'rollout Progressing',
      'confirm-traffic-increase Progressing',
      'confirm-promotion Progressing',
      'post-rollout Succeeded',
    ]);
    const { name, namespace, checksum } = scene.ground.posts.at(-1)!.body;
    expect({ name, namespace }).toEqual({ name: 'podinfo', namespace: 'test' });
    expect(checksum).toMatch(/^[4-9b-df]+$/);
  });

  it('of type rollback that say no let the run go on, and that is said', async () => {
    const scene = await given({ analysis: { webhooks: [hook('rollback', 'rollback/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect((await scene.story()).said).toContain('Rollback hook rollback not signaling a rollback');
  });

  it('without a type are those of type rollout', async () => {
    const webhooks = [{ name: 'load', url: 'http://loadtester.test/gate/halt' }];
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    expect((await scene.story()).said).toContain(
      'Halt podinfo.test advancement external check load failed Forbidden',
    );
  });

  it('before the metrics: one that refuses spares the metrics server', async () => {
    const metrics = [{ name: 'nobody-has-it', query: 'absent_thing', thresholdRange: { max: 1 } }];
    const scene = await given({ analysis: { metrics, webhooks: [hook('rollout', 'gate/halt')] } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    const { said } = await scene.story();
    expect(said.filter((text) => text.includes('nobody-has-it'))).toEqual([]);
  });

  it('of type post-rollout that fail are said, end there, and change nothing', async () => {
    const webhooks = [
      hook('post-rollout', 'gate/halt', { name: 'first' }),
      hook('post-rollout', 'gate/approve', { name: 'second' }),
    ];
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    expect(said).toContain('Post-rollout hook first failed Forbidden');
    expect(said.filter((text) => text.includes('second'))).toEqual([]);
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });

  it('of type post-rollout are told of a failure, and of a release without analysis, too', async () => {
    const webhooks = [hook('post-rollout', 'gate/approve'), hook('rollout', 'gate/halt')];
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    await scene.ground.elapse(5000);
    expect(scene.ground.posts.at(-1)).toMatchObject({ path: 'gate/approve', body: { phase: 'Failed' } });
    await scene.edit({ spec: { skipAnalysis: true } });
    await scene.release('6.9.2');
    await scene.reaches('Succeeded');
    expect(scene.ground.posts.at(-1)).toMatchObject({ path: 'gate/approve', body: { phase: 'Succeeded' } });
  });

  it('of type event get every event, in order, with its type and time', async () => {
    const event = { type: 'event', url: 'http://loadtester.test/gate/approve' };
    const webhooks = [
      { name: 'journal', ...event, metadata: { team: 'a' } },
      hook('rollback', 'rollback/check'),
    ];
    const scene = await given({ analysis: { webhooks } });
    const before = scene.ground.posts.length;
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    const told = scene.ground.posts
      .slice(before)
      .map(({ body }) => body.metadata ?? {})
      .filter(({ team }) => team === 'a');
    expect(told.map(({ eventMessage }) => eventMessage)).toEqual(said);
    expect(told[0]).toMatchObject({ eventType: 'Normal', timestamp: expect.stringMatching(/^\d{13}$/) });
  });
});

describe('approval', () => {
  it('to go on is asked for at each check, alerted each time, and costs no failed check', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-traffic-increase', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.ground.elapse(45_000);
    const halt =
      'Halt podinfo.test advancement waiting for traffic increase approval confirm-traffic-increase';
    const { said, alerts } = await scene.story();
    const asked = said.filter((text) => text === halt).length;
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(
      alerts.filter((text) => text === 'warn: Canary traffic increase is waiting for approval.'),
    ).toHaveLength(asked);
    expect((await scene.status()).failedChecks).toBe(0);
  });

  it('is waited for without an alert where the hook is muted', async () => {
    const webhooks = ['confirm-rollout', 'confirm-promotion'].map((type) =>
      hook(type as 'confirm-rollout', 'gate/check', { muteAlert: true }),
    );
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await scene.ground.gate('gate/open');
    await scene.reachesWeight(50);
    await scene.ground.gate('gate/close');
    await scene.reaches('WaitingPromotion');
    const { alerts } = await scene.story();
    expect(alerts).toEqual(['info: New revision detected, progressing canary analysis.']);
  });

  it('to promote that does not come leaves the checks going on: failed ones roll back', async () => {
    const webhooks = [hook('confirm-promotion', 'gate/halt'), hook('rollout', 'gate/check')];
    const scene = await given({ analysis: { webhooks } });
    await scene.ground.gate('gate/open');
    await scene.release('6.9.1');
    await scene.reaches('WaitingPromotion');
    await scene.ground.gate('gate/close');
    await scene.reaches('Failed');
    expect((await scene.story()).alerts.at(-1)).toBe('error: Failed checks threshold reached 2');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });

  it('given late is for the template that is there then', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-rollout', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await scene.release('6.9.2');
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.2');
  });
});
