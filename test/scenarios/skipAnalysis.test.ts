import { given, hook } from './scene.js';

/* spec.skipAnalysis, set from the first, in the middle of a run, and at its end. */

const skip = { spec: { skipAnalysis: true } };

describe('a release without analysis', () => {
  it('still asks whether it may begin', async () => {
    const webhooks = [hook('confirm-rollout', 'gate/check')];
    const scene = await given({ ...skip, analysis: { webhooks } });
    // for the load tester to be there: the initialisation waits for nobody here
    await scene.ground.elapse(30_000);
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    expect((await scene.story()).phases).toEqual(['Waiting', 'Progressing', 'Promoting', 'Succeeded']);
  });

  it('is rolled back when its pods do not come', async () => {
    const scene = await given({ spec: { ...skip.spec, progressDeadlineSeconds: 60 } });
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    expect((await scene.story()).alerts.at(-1)).toMatch(/^error: Progress deadline exceeded/);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    expect(await scene.image('podinfo-primary')).toBe('6.9.0');
  });

  it('begins its canary without waiting for the primary, as Flagger does', async () => {
    const before = (ground: { behave(tag: string, behaviour: { health: 'neverReady' }): void }) =>
      ground.behave('6.9.0', { health: 'neverReady' });
    const scene = await given({ ...skip, before });
    expect(await scene.replicas('podinfo')).toBe(0);
    expect((await scene.story()).said).not.toContain('all the metrics providers are available!');
  });
});

describe('to skip what remains', () => {
  it('while the promotion waits for approval promotes', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-promotion', 'gate/halt')] } });
    await scene.release('6.9.1');
    await scene.reaches('WaitingPromotion');
    await scene.edit(skip);
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    expect(said.at(-1)).toBe('Promotion completed! Canary analysis was skipped for podinfo.test');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });

  it('while the traffic goes back by steps lets it go back so: the primary takes it only as it is ready', async () => {
    const scene = await given({ analysis: { stepWeightPromotion: 25 } });
    await scene.release('6.9.1');
    await scene.hears('Advance podinfo.test primary weight 75');
    await scene.edit(skip);
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual([0, 25, 50, 25, 0]);
    await scene.ground.elapse(30_000);
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
    expect(await scene.replicas('podinfo')).toBe(0);
  });

  it('after a success is no new revision', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    await scene.edit(skip);
    await scene.ground.elapse(120_000);
    expect((await scene.story()).phases.at(-1)).toBe('Succeeded');
    expect(await scene.replicas('podinfo')).toBe(0);
  });
});
