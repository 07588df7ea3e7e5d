import { Canaries } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { ApiError, unlessMissing } from '../../lib/ports/cluster.js';
import { namespace } from '../sim/podinfo.js';
import { given, hook, type Scene } from './scene.js';

/* One scenario for each change of phase that Flagger 1.44 knows. */

const promoted = ['Progressing', 'Promoting', 'Finalising', 'Succeeded'];

describe('from phase to phase', () => {
  it('a new revision that is approved goes by steps to the primary', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { phases, weights, said, alerts } = await scene.story();
    expect(phases).toEqual(promoted);
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said).toEqual([
      'New revision detected! Scaling up podinfo.test',
      'Starting canary analysis for podinfo.test',
      'Advance podinfo.test canary weight 25',
      'Advance podinfo.test canary weight 50',
      'Copying podinfo.test template spec to podinfo-primary.test',
      'Routing all traffic to primary',
      'Promotion completed! Scaling down podinfo.test',
    ]);
    expect(alerts).toEqual([
      'info: New revision detected, progressing canary analysis.',
      'info: Canary analysis completed successfully, promotion finished.',
    ]);
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
    expect(await scene.replicas('podinfo')).toBe(0);
  });

  it('one that is refused waits, and begins when it is approved', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-rollout', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await scene.ground.elapse(60_000);
    expect(await scene.replicas('podinfo')).toBe(0);
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    const { phases, said, alerts } = await scene.story();
    expect(phases).toEqual(['Waiting', ...promoted]);
    expect(said.slice(0, 3)).toEqual([
      'Halt podinfo.test advancement waiting for approval confirm-rollout',
      'Confirm-rollout check confirm-rollout passed',
      'New revision detected! Scaling up podinfo.test',
    ]);
    expect(alerts[0]).toBe('warn: Canary is waiting for approval.');
  });

  it('a newer revision in the middle of a run begins it anew, without asking for approval again', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(50);
    await scene.release('6.9.2');
    await scene.reaches('Succeeded');
    const { phases, weights, said } = await scene.story();
    expect(phases).toEqual(promoted);
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said[0]).toBe('New revision detected! Restarting analysis for podinfo.test');
    expect(await scene.image('podinfo-primary')).toBe('6.9.2');
  });

  it('a promotion that is refused waits with the traffic where it is, and goes on when it is approved', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-promotion', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('WaitingPromotion');
    await scene.ground.elapse(60_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 50, '6.9.1': 50 });
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    const { phases, said, alerts } = await scene.story();
    expect(phases).toEqual(['Progressing', 'WaitingPromotion', 'Promoting', 'Finalising', 'Succeeded']);
    expect(said).toContain('Halt podinfo.test advancement waiting for promotion approval confirm-promotion');
    expect(said).toContain('Confirm-promotion check confirm-promotion passed');
    expect(alerts).toContain('warn: Canary promotion is waiting for approval.');
  });

  it('a newer revision while the promotion waits begins the run anew', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-promotion', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('WaitingPromotion');
    await scene.release('6.9.2');
    await scene.reaches('WaitingPromotion');
    const { phases, weights } = await scene.story();
    expect(phases).toEqual(['Progressing', 'WaitingPromotion']);
    expect(weights.slice(-3)).toEqual([0, 25, 50]);
  });

  it('a revision without analysis is promoted as soon as it is ready', async () => {
    const scene = await given({ spec: { skipAnalysis: true } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    const { weights, said, alerts } = await scene.story();
    expect(weights).toEqual([0]);
    expect(said.at(-1)).toBe('Promotion completed! Canary analysis was skipped for podinfo.test');
    expect(alerts.at(-1)).toBe('info: Canary analysis was skipped, promotion finished.');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });

  it('to skip the analysis in the middle of it takes effect at the next check', async () => {
    const scene = await given({ analysis: { webhooks: [hook('confirm-promotion', 'gate/halt')] } });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.edit({ spec: { skipAnalysis: true } });
    await scene.reaches('Succeeded');
    // as in Flagger, the primary's own rollout is not waited for
    await scene.ground.elapse(30_000);
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
  });

  it('failed checks roll back when there are as many as the threshold', async () => {
    const scene = await given({ analysis: { webhooks: [hook('rollout', 'gate/halt')] } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    const { phases, said, alerts } = await scene.story();
    expect(phases).toEqual(['Progressing', 'Failed']);
    expect(said.slice(-4)).toEqual([
      'Halt podinfo.test advancement external check rollout failed Forbidden',
      'Halt podinfo.test advancement external check rollout failed Forbidden',
      'Rolling back podinfo.test failed checks threshold reached 2',
      'Canary failed! Scaling down podinfo.test',
    ]);
    expect(alerts.at(-1)).toBe('error: Failed checks threshold reached 2');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    await scene.ground.elapse(5000);
    expect(await scene.replicas('podinfo')).toBe(0);
    expect(await scene.status()).toMatchObject({ failedChecks: 0, canaryWeight: 0, iterations: 0 });
  });

  it('a version that does not become ready in time is rolled back, and not in silence', async () => {
    const scene = await given({ spec: { progressDeadlineSeconds: 60 } });
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    const { weights, said, alerts } = await scene.story();
    expect(weights).toEqual([0]);
    expect(said.some((text) => text.startsWith('Rolling back podinfo.test progress deadline exceeded'))).toBe(
      true,
    );
    expect(alerts.at(-1)).toMatch(/^error: Progress deadline exceeded/);
  });

  it.each(['Progressing', 'WaitingPromotion'])(
    'a rollback hook that answers yes ends the run in %s',
    async (phase) => {
      const webhooks = [hook('rollback', 'rollback/check'), hook('confirm-promotion', 'gate/halt')];
      const scene = await given({ analysis: { webhooks } });
      await scene.release('6.9.1');
      await scene.reaches(phase);
      await scene.ground.gate('rollback/open');
      await scene.reaches('Failed');
      const { said, alerts } = await scene.story();
      expect(said.slice(-3)).toEqual([
        'Rollback check rollback passed',
        'Rolling back podinfo.test manual webhook invoked',
        'Canary failed! Scaling down podinfo.test',
      ]);
      expect(alerts.at(-1)).toBe('warn: Rolling back manual webhook invoked');
      expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    },
  );

  it('a rollback hook that answers yes declines what waits for approval, and the next revision is asked about', async () => {
    const webhooks = [hook('rollback', 'rollback/check'), hook('confirm-rollout', 'gate/halt')];
    const scene = await given({ analysis: { webhooks } });
    await scene.release('6.9.1');
    await scene.reaches('Waiting');
    await scene.ground.gate('rollback/open');
    await scene.reaches('Failed');
    await scene.ground.gate('rollback/close');
    await scene.ground.elapse(120_000);
    const { phases, weights, alerts } = await scene.story();
    expect([phases, weights]).toEqual([['Waiting', 'Failed'], [0]]);
    expect(alerts.at(-1)).toBe('warn: Rolling back manual webhook invoked');
    await scene.release('6.9.2');
    await scene.reaches('Waiting');
  });

  it('a canary that is deleted gives the target its pods and its traffic back, where it is to', async () => {
    const scene = await given({ spec: { revertOnDeletion: true } });
    await scene.ground.cluster.delete(Canaries, { namespace, name: 'podinfo' });
    await scene.hears('Terminated canary podinfo.test');
    const { phases } = await scene.story();
    expect(phases.slice(-2)).toEqual(['Terminating', 'Terminated']);
    expect(await scene.replicas('podinfo')).toBe(1);
    await scene.ground.elapse(10_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
  });

  describe('a canary that is deleted when the kind that routed its traffic is no longer served', () => {
    async function deleted(): Promise<Scene> {
      const scene = await given({ spec: { revertOnDeletion: true } });
      await scene.ground.stopController();
      const missing = new ApiError(404, 'NotFound', 'the server could not find the requested resource');
      scene.ground.fail(({ kind }) => kind === 'Ingress', missing);
      await scene.ground.startController();
      await scene.ground.elapse(10_000);
      await scene.ground.cluster.delete(Canaries, { namespace, name: 'podinfo' });
      return scene;
    }

    it('gives the target its pods back, and goes', async () => {
      const scene = await deleted();
      await scene.ground.elapse(60_000);
      expect(await unlessMissing(scene.ground.cluster.get(Canaries, { namespace, name: 'podinfo' }))).toBe(
        undefined,
      );
      expect(await scene.replicas('podinfo')).toBe(1);
    });

    it('goes at once when it need not give back anything', async () => {
      const scene = await deleted();
      await scene.edit({ spec: { revertOnDeletion: false } });
      await scene.ground.elapse(2_000);
      expect(await unlessMissing(scene.ground.cluster.get(Canaries, { namespace, name: 'podinfo' }))).toBe(
        undefined,
      );
    });
  });

  it('a canary that is deleted without that takes with it what it made, as in Flagger', async () => {
    const scene = await given();
    await scene.ground.cluster.delete(Canaries, { namespace, name: 'podinfo' });
    const primary = { namespace, name: 'podinfo-primary' };
    const isGone = async () => !(await unlessMissing(scene.ground.cluster.get(Deployments, primary)));
    expect(await scene.ground.until(isGone, 60_000)).toBe(true);
    expect(await scene.replicas('podinfo')).toBe(0);
  });

  it('a failed revision stays failed, the promoted one does not begin a run, and a new one does', async () => {
    const scene = await given({ analysis: { webhooks: [hook('pre-rollout', 'gate/check')] } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    await scene.ground.gate('gate/open');
    await scene.release('6.9.0');
    await scene.ground.elapse(120_000);
    expect((await scene.status()).phase).toBe('Failed');
    expect(await scene.replicas('podinfo')).toBe(0);
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });
});
