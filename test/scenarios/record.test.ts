import { given, hook } from './scene.js';

/* What a release leaves behind, what it is worth when nobody measured it, and approval from every rest. */

const rate = (onNoData?: string) => ({
  name: 'request-success-rate',
  thresholdRange: { min: 99 },
  interval: '1m',
  ...(onNoData && { onNoData }),
});

describe('the history', () => {
  it('has every run in order, each with its steps, its end and its images', async () => {
    const scene = await given({ analysis: { webhooks: [hook('rollout', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    await scene.ground.gate('gate/open');
    await scene.release('6.9.2');
    await scene.reachesWeight(25);
    await scene.release('6.9.3');
    await scene.reaches('Succeeded');
    const { history = [] } = await scene.status();
    expect(history.map(({ outcome }) => outcome)).toEqual(['Failed', 'Superseded', 'Succeeded']);
    expect(history.map(({ to }) => to?.split(':').at(-1))).toEqual(['6.9.1', '6.9.2', '6.9.3']);
    expect(history.map(({ from }) => from?.split(':').at(-1))).toEqual(['6.9.0', '6.9.0', '6.9.0']);
    expect(history[0]?.cause).toContain('Failed checks threshold reached 2');
    const steps = history[2]?.steps.map(({ reason, weight }) => `${reason} ${weight}`);
    expect(steps).toEqual([
      'restarted 0',
      'weightAdvanced 25',
      'weightAdvanced 50',
      'copying 50',
      'allToPrimary 0',
    ]);
    for (const { startedAt, endedAt = '' } of history) expect(startedAt <= endedAt).toBe(true);
  });

  it('keeps the last ten runs', async () => {
    const scene = await given({ spec: { skipAnalysis: true } });
    for (let patch = 1; patch <= 12; patch++) {
      await scene.release(`6.9.${patch}`);
      await scene.reaches('Succeeded');
      const isOver = async () => (await scene.image('podinfo-primary')) === `6.9.${patch}`;
      await scene.ground.until(isOver, 60_000);
      await scene.reaches('Succeeded');
    }
    const { history = [] } = await scene.status();
    const images = history.map(({ to }) => to?.split('.').at(-1));
    expect(images).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
  });
});

describe('a metric that nobody has values for', () => {
  it('fails the release where the canary says nothing', async () => {
    const scene = await given({ analysis: { metrics: [rate()] } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    expect((await scene.story()).alerts.at(-1)).toBe('error: Failed checks threshold reached 2');
  });

  it('holds it with wait, for the progress deadline and no longer', async () => {
    const scene = await given({
      spec: { progressDeadlineSeconds: 60 },
      analysis: { metrics: [rate('wait')] },
    });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.ground.elapse(45_000);
    expect(await scene.status()).toMatchObject({ phase: 'Progressing', canaryWeight: 25, failedChecks: 0 });
    await scene.reaches('Failed');
    expect((await scene.story()).alerts.at(-1)).toMatch(
      /^error: Progress deadline exceeded no values found for metric request-success-rate/,
    );
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });

  it('lets it pass with pass, and says so', async () => {
    const scene = await given({ analysis: { metrics: [rate('pass')] } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { said } = await scene.story();
    expect(said.some((text) => text.endsWith('taken for passed, as onNoData says'))).toBe(true);
  });
});

describe('approval is asked for', () => {
  it('after a success and after a failure as at first', async () => {
    const webhooks = [hook('confirm-rollout', 'gate/check'), hook('rollback', 'rollback/check')];
    const scene = await given({ analysis: { webhooks } });
    await scene.ground.gate('gate/open');
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    await scene.ground.gate('gate/close');
    await scene.release('6.9.2');
    await scene.reaches('Waiting');
    await scene.ground.gate('rollback/open');
    await scene.reaches('Failed');
    await scene.ground.gate('rollback/close');
    await scene.release('6.9.3');
    await scene.reaches('Waiting');
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.3');
  });
});
