import { Canaries } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { unlessMissing } from '../../lib/ports/cluster.js';
import { namespace } from '../sim/podinfo.js';
import { control, given, type Scene } from './scene.js';

/* How long a run waits for pods: for the progress deadline, from when they began to be missed. */

const key = { namespace, name: 'podinfo' };
const spec = { progressDeadlineSeconds: 60 };

function scale(scene: Scene, replicas: number): Promise<unknown> {
  return scene.ground.cluster.patch(Deployments, key, 'merge', { spec: { replicas } });
}

/** Puts the target to sleep, and keeps the controller from waking it up again for a while. */
async function sleepsFor(scene: Scene, ms: number): Promise<void> {
  scene.ground.fail(({ kind, verb }) => kind === 'Deployment' && verb === 'patch');
  await scale(scene, 0);
  await scene.ground.elapse(ms);
  scene.ground.fail(undefined);
}

async function atFirstWeight(analysis: object = {}): Promise<Scene> {
  const scene = await given({ spec, analysis });
  await scene.release('6.9.1');
  await scene.reachesWeight(25);
  return scene;
}

describe('pods that are missed for a moment, long after the status was written', () => {
  it('do not end a run that is paused', async () => {
    const scene = await atFirstWeight();
    await control(scene, 'pause');
    for (const replicas of [3, 2]) {
      await scene.ground.elapse(300_000);
      await scale(scene, replicas);
    }
    await scene.ground.elapse(30_000);
    expect(await scene.status()).toMatchObject({ phase: 'Progressing', canaryWeight: 25 });
    await control(scene, 'resume');
    await scene.reaches('Succeeded');
  });

  it('do not end a run whose interval is longer than its deadline', async () => {
    const scene = await atFirstWeight({ interval: '300s' });
    await scene.ground.elapse(100_000);
    await scale(scene, 3);
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual([0, 25, 50, 0]);
  });

  it('nor does a target that is taken away and put back while the run is paused', async () => {
    const scene = await atFirstWeight();
    await control(scene, 'pause');
    await scene.ground.elapse(300_000);
    const { cluster } = scene.ground;
    const { spec: body, metadata } = await cluster.get(Deployments, key);
    await cluster.delete(Deployments, key);
    await scene.ground.elapse(20_000);
    await cluster.create(Deployments, { metadata: { ...key, labels: metadata.labels ?? {} }, spec: body });
    await scene.ground.elapse(20_000);
    await control(scene, 'resume');
    await scene.reaches('Succeeded');
  });
});

describe('times that a clock ahead of this one has written', () => {
  const hour = 3_600_000;

  async function writtenAnHourAhead(scene: Scene): Promise<void> {
    const canary = await scene.ground.cluster.get(Canaries, key);
    const later = (time = '') => new Date(Date.parse(time) + hour).toISOString();
    const { lastCheckTime, lastTransitionTime, ...status } = canary.status ?? {};
    await scene.ground.cluster.updateStatus(Canaries, {
      ...canary,
      status: {
        ...status,
        lastTransitionTime: later(lastTransitionTime),
        ...(lastCheckTime && { lastCheckTime: later(lastCheckTime) }),
      },
    });
  }

  it('do not hold up a run', async () => {
    const scene = await atFirstWeight();
    await writtenAnHourAhead(scene);
    await scene.ground.elapse(2 * 60_000);
    expect(await scene.status()).toMatchObject({ phase: 'Succeeded' });
  });

  it('do not make its pods be waited for longer than the deadline', async () => {
    const scene = await given({ spec });
    scene.ground.behave('6.9.1', { health: 'neverReady' });
    await scene.release('6.9.1');
    await scene.reaches('Progressing');
    await writtenAnHourAhead(scene);
    await scene.ground.elapse(2 * 60_000);
    expect(await scene.status()).toMatchObject({ phase: 'Failed' });
  });

  it('do not hold up a deletion', async () => {
    const scene = await given({ spec: { revertOnDeletion: true } });
    await scene.ground.cluster.delete(Canaries, key);
    await scene.reaches('Terminated');
    await writtenAnHourAhead(scene);
    await scene.ground.elapse(60_000);
    expect(await unlessMissing(scene.ground.cluster.get(Canaries, key))).toBeUndefined();
  });
});

describe('pods that never come', () => {
  it.each([5, 20, 45])(
    'end a run after the deadline, though somebody puts the target to sleep every %d s',
    async (seconds) => {
      const scene = await given({ spec });
      scene.ground.behave('6.9.1', { health: 'neverReady' });
      await scene.release('6.9.1');
      const hasFailed = async () => (await scene.status()).phase === 'Failed';
      for (let passed = 0; passed < 150 && !(await hasFailed()); passed += seconds) {
        await scene.ground.elapse(seconds * 1000);
        if (!(await hasFailed())) await scale(scene, 0);
      }
      expect(await hasFailed()).toBe(true);
      expect((await scene.story()).alerts.at(-1)).toMatch(/^error: Progress deadline exceeded/);
    },
  );

  it.each(['', 'while it is paused '])(
    'end a run in the middle of it %stoo, though somebody puts the target to sleep again and again',
    async (when) => {
      const scene = await atFirstWeight({ maxWeight: 100 });
      if (when) await control(scene, 'pause');
      scene.ground.behave('6.9.1', { health: 'neverReady' });
      const begun = Date.parse((await scene.status()).lastTransitionTime ?? '');
      for (let times = 0; times < 20 && (await scene.status()).phase !== 'Failed'; times++) {
        await sleepsFor(scene, 3_000);
        await scene.ground.elapse(6_000);
      }
      const { phase, history, notReadySince } = await scene.status();
      const seconds = (Date.parse(history?.at(-1)?.endedAt ?? '') - begun) / 1000;
      expect({ phase, notReadySince }).toEqual({ phase: 'Failed', notReadySince: undefined });
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThan(90);
      expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    },
  );
});
