import { Canaries } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { namespace } from '../sim/podinfo.js';
import { declared, given, hook, type Scene } from './scene.js';

/* A new revision is never swallowed, in whatever phase it comes, and it starts from a state that serves. */

const key = { namespace, name: 'podinfo' };

/** Lets time pass in small steps until the canary is in the phase, which may be over soon. */
async function meets(scene: Scene, phase: string): Promise<void> {
  const met = await scene.ground.until(async () => (await scene.status()).phase === phase, 600_000);
  if (!met) throw new Error(`never ${phase}: ${JSON.stringify(await scene.status())}`);
}

/** As a controller leaves it that stops right after it has written that the traffic shall go back. */
async function stopsInFinalising(scene: Scene): Promise<void> {
  const canary = await scene.ground.cluster.get(Canaries, key);
  const status = { ...canary.status, phase: 'Finalising' as const, canaryWeight: 0 };
  await scene.ground.cluster.updateStatus(Canaries, { ...canary, status });
}

/** Percent of users whose pods are ready to serve them. */
function served(scene: Scene): number {
  return Object.values(scene.ground.users()).reduce((sum, share) => sum + share, 0);
}

const stops: Readonly<Record<string, object>> = {
  Waiting: { webhooks: [hook('confirm-rollout', 'gate/check')] },
  WaitingPromotion: { webhooks: [hook('confirm-promotion', 'gate/check')] },
  Failed: { webhooks: [hook('rollout', 'gate/check')] },
};

describe('a revision that comes', () => {
  it('while its canary is being initialized is what the primary is made of', async () => {
    const scene = await declared();
    await scene.ground.startController();
    const hasPrimary = () => scene.image('podinfo-primary').then(Boolean, () => false);
    expect(await scene.ground.until(hasPrimary, 60_000)).toBe(true);
    await scene.release('6.9.1');
    await scene.reaches('Initialized');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
  });

  it.each(['Waiting', 'Progressing', 'WaitingPromotion', 'Promoting', 'Succeeded', 'Failed'])(
    'in %s is released in the end',
    async (phase) => {
      const scene = await given({ analysis: stops[phase] ?? {} });
      await scene.release('6.9.1');
      await meets(scene, phase);
      await scene.release('6.9.2');
      await scene.ground.gate('gate/open');
      const isPromoted = async () =>
        (await scene.image('podinfo-primary')) === '6.9.2' && (await scene.status()).phase === 'Succeeded';
      expect(await scene.ground.until(isPromoted, 600_000)).toBe(true);
      await scene.ground.elapse(60_000);
      expect(scene.ground.users()).toEqual({ '6.9.2': 100 });
      expect(await scene.replicas('podinfo')).toBe(0);
    },
  );

  it.each(['Waiting', 'Progressing', 'WaitingPromotion', 'Promoting', 'Finalising', 'Failed'])(
    'in %s while no controller runs is released by the next',
    async (phase) => {
      const scene = await given({ analysis: stops[phase] ?? {} });
      await scene.release('6.9.1');
      await meets(scene, phase === 'Finalising' ? 'Promoting' : phase);
      await scene.ground.stopController();
      if (phase === 'Finalising') await stopsInFinalising(scene);
      await scene.release('6.9.2');
      await scene.ground.gate('gate/open');
      await scene.ground.startController();
      const isPromoted = async () =>
        (await scene.image('podinfo-primary')) === '6.9.2' && (await scene.status()).phase === 'Succeeded';
      expect(await scene.ground.until(isPromoted, 600_000)).toBe(true);
    },
  );

  it('while the last one fails, the primary not being ready, is released when that is over', async () => {
    const scene = await given({ analysis: { webhooks: [hook('rollout', 'gate/check')] } });
    await scene.release('6.9.1');
    await meets(scene, 'Failed');
    scene.ground.behave('6.9.0', { health: 'neverReady' });
    await scene.release('6.9.2');
    await scene.ground.elapse(20_000);
    scene.ground.behave('6.9.0', { health: 'ready' });
    await scene.ground.gate('gate/open');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.2');
  });
});

describe('a spec that is edited in the middle of a run', () => {
  it.each<[string, object]>([
    ['another step', { analysis: { stepWeight: 5 } }],
    ['a longer interval', { analysis: { interval: '20s' } }],
    ['another port name', { service: { portName: 'web' } }],
    ['a metric', { analysis: { metrics: [] } }],
    ['a higher maximum', { analysis: { maxWeight: 75 } }],
  ])('keeps the weight: %s', async (_, spec) => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.edit({ spec });
    await scene.ground.elapse(2_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await scene.reaches('Succeeded');
    const { weights } = await scene.story();
    expect(weights.slice(0, -1)).toEqual(weights.slice(0, -1).toSorted((a, b) => a - b));
  });

  it('keeps the weight while the primary is given its new template', async () => {
    const scene = await given({ analysis: { stepWeightPromotion: 10 } });
    await scene.release('6.9.1');
    await scene.hears('Advance podinfo.test primary weight 60');
    await scene.edit({ spec: { service: { portName: 'web' } } });
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual([0, 25, 50, 40, 30, 20, 10, 0]);
  });
});

describe('a promotion whose primary does not become ready', () => {
  /** 6.9.1 passes as a canary and does not come up as a primary; every user is served all the time. */
  async function failed(analysis: object = {}): Promise<Scene> {
    const scene = await given({ analysis, spec: { progressDeadlineSeconds: 60 } });
    await scene.release('6.9.1');
    await scene.reachesWeight(50);
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await servesUntil(scene, 'Failed');
    return scene;
  }

  async function servesUntil(scene: Scene, phase: string): Promise<void> {
    for (let second = 0; second < 600; second++) {
      if ((await scene.status()).phase === phase) return;
      await scene.ground.elapse(1000);
      expect(served(scene)).toBe(100);
    }
    throw new Error(`never ${phase}: ${JSON.stringify(await scene.status())}`);
  }

  it.each<[string, object]>([
    ['at once', {}],
    ['by steps', { stepWeightPromotion: 10 }],
  ])('leaves all users with the canary, which was analysed, and says so (back %s)', async (_, analysis) => {
    const scene = await failed(analysis);
    const { said, alerts } = await scene.story();
    expect(scene.ground.users()).toEqual({ '6.9.1': 100 });
    expect(await scene.replicas('podinfo')).toBeGreaterThan(0);
    expect(said.at(-1)).toMatch(/^Promotion of podinfo.test failed, primary not ready: podinfo-primary.test/);
    expect(alerts.at(-1)).toMatch(/^error: Promotion failed, primary not ready: podinfo-primary.test/);
    expect((await scene.status()).history?.at(-1)).toMatchObject({ outcome: 'Failed' });
  });

  it('leaves them with the primary when the canary is a newer revision by then, which nobody has checked', async () => {
    const scene = await given({ spec: { progressDeadlineSeconds: 60 } });
    await scene.release('6.9.1');
    await scene.reachesWeight(50);
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await scene.reaches('Promoting');
    await scene.release('6.9.2');
    await scene.reaches('Succeeded');
    const { phases, weights } = await scene.story();
    expect(phases.slice(0, 3)).toEqual(['Promoting', 'Failed', 'Progressing']);
    expect(weights).toEqual([50, 0, 25, 50, 0]);
  });

  it('is repaired by the next revision, which no user pays for', async () => {
    const scene = await failed();
    await scene.release('6.9.2');
    await servesUntil(scene, 'Succeeded');
    await scene.ground.elapse(60_000);
    expect(scene.ground.users()).toEqual({ '6.9.2': 100 });
    expect(await scene.image('podinfo-primary')).toBe('6.9.2');
  });

  it('and that heals gives the next revision its usual first step', async () => {
    const scene = await failed();
    const cause = { spec: { template: { metadata: { annotations: { healed: 'yes' } } } } };
    scene.ground.behave('6.9.1', { health: 'ready' });
    await scene.ground.cluster.patch(Deployments, { namespace, name: 'podinfo-primary' }, 'merge', cause);
    await scene.ground.elapse(60_000);
    await scene.release('6.9.2');
    await servesUntil(scene, 'Succeeded');
    expect((await scene.story()).weights).toEqual([0, 25, 50, 0]);
  });
});
