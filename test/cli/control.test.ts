import { Canaries, controlAnnotation } from '../../lib/api/canary.js';
import { follow } from '../../lib/cli/outcome.js';
import { statusData, statusText } from '../../lib/cli/statusView.js';
import { steer } from '../../lib/cli/steering.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { namespace, podinfo, release } from '../sim/podinfo.js';
import { initialized, statusOf } from '../sim/stage.js';

let ids = 0;

const watching = (world: World, name = 'podinfo', timeoutMs = 600_000) => ({
  cluster: world.cluster,
  clock: world.clock,
  key: { namespace, name },
  timeoutMs,
});

const request = (verb: 'pause' | 'resume' | 'promote' | 'abort' | 'retry', more: object = {}) => ({
  id: `cli-${ids++}`,
  verb,
  by: 'jane',
  ...more,
});

/** Lets time pass until a command has ended. */
async function ended<T>(world: World, command: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  command.then(end, end);
  await world.clock.runUntil(async () => over, 1_200_000);
  return command;
}

async function at(world: World, weight: number): Promise<void> {
  world.setImage(namespace, 'podinfo', release('6.9.1'));
  await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === weight, 300_000);
}

describe('perch pause, resume, promote, abort, retry', () => {
  it('answer when the controller has, and with --wait when the release is over', async () => {
    const world = await initialized();
    await at(world, 20);
    expect(await ended(world, steer(watching(world), request('pause'), true))).toBe('pause accepted');
    expect((await statusOf(world))?.paused?.by).toBe('jane');
    expect(await ended(world, steer(watching(world), request('resume'), true))).toBe(
      'resume accepted: Canary analysis completed successfully, promotion finished.',
    );
    expect((await statusOf(world))?.phase).toBe('Succeeded');
  });

  it('abort a release, and retry what was aborted', async () => {
    const world = await initialized();
    await at(world, 20);
    const aborted = steer(watching(world), request('abort', { reason: 'wrong build' }), true);
    expect(await ended(world, aborted)).toBe('abort accepted: Canary aborted by jane: wrong build');
    await ended(world, steer(watching(world), request('retry'), true));
    expect((await statusOf(world))?.history).toMatchObject([
      { outcome: 'Failed', cause: 'Canary aborted by jane: wrong build' },
      { outcome: 'Succeeded', to: release('6.9.1') },
    ]);
  });

  it('fail when the release that they wait for fails', async () => {
    const world = await initialized();
    world.behave(release('6.9.1'), { errorRate: 0.2 });
    await at(world, 10);
    await expect(ended(world, steer(watching(world), request('promote'), true))).rejects.toMatchObject({
      code: 'DEPLOY_ROLLED_BACK',
      message: expect.stringMatching(/success rate [\d.]+% < 99%; Failed checks threshold reached/),
    });
  });

  it('say why they are refused', async () => {
    const world = await initialized();
    await expect(ended(world, steer(watching(world), request('pause'), false))).rejects.toMatchObject({
      code: 'CLI_CONTROL_REFUSED',
      message: 'refused: no release is under way, the phase is Initialized',
    });
  });

  it('do not wait for ever for a controller that is not there', async () => {
    const world = createWorld();
    world.apply(podinfo('6.9.0'));
    await expect(ended(world, steer(watching(world), request('abort'), false))).rejects.toMatchObject({
      code: 'CLI_CONTROL_UNANSWERED',
    });
  });

  it('suggest the name that was meant, and change nothing', async () => {
    const world = await initialized();
    await expect(steer(watching(world, 'podnfo'), request('abort'), false)).rejects.toMatchObject({
      code: 'CLI_CANARY_NOT_FOUND',
      message: "there is no canary 'podnfo' in namespace 'test'",
      remedy: "did you mean 'podinfo'?",
    });
    const canary = await world.cluster.get(Canaries, { namespace, name: 'podinfo' });
    expect(canary.metadata.annotations ?? {}).not.toHaveProperty([controlAnnotation]);
  });
});

describe('perch status', () => {
  it('shows the steps of a release as they are taken, until it is over', async () => {
    const world = await initialized();
    await at(world, 10);
    const shown: string[] = [];
    await ended(
      world,
      follow(watching(world), statusText, (text) => void shown.push(text)),
    );
    expect(shown.length).toBeGreaterThan(5);
    expect(shown[0]).toContain('podinfo in test: Progressing');
    expect(shown[0]).toContain('██░░░░░░░░░░░░░░░░░░ 10 % of the traffic on the canary');
    expect(shown.at(-1)).toContain('podinfo in test: Succeeded');
    expect(shown.at(-1)).toMatch(/50 % {2}weight advanced {2}\[request-success-rate 100 \(≥ 99\), latency/);
    expect(shown.at(-1)).toContain(`${release('6.9.0')} → ${release('6.9.1')}`);
  });

  it('is over at once where nothing is under way', async () => {
    const world = await initialized();
    const shown: string[] = [];
    await follow(watching(world), statusText, (text) => void shown.push(text));
    expect(shown).toHaveLength(1);
  });

  it('gives the same as data', async () => {
    const world = await initialized();
    await at(world, 30);
    await ended(world, steer(watching(world), request('pause', { reason: 'looking' }), false));
    const canary = await world.cluster.get(Canaries, { namespace, name: 'podinfo' });
    expect(statusData(canary)).toMatchObject({
      name: 'podinfo',
      phase: 'Progressing',
      canaryWeight: 30,
      paused: { by: 'jane', reason: 'looking' },
      run: { to: release('6.9.1') },
      control: [{ verb: 'pause', outcome: 'Accepted' }],
    });
    expect(statusText(canary)).toContain('Paused by jane: looking');
  });
});
