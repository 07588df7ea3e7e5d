import { Canaries } from '../../lib/api/canary.js';
import type { Kind } from '../../lib/api/kinds.js';
import { Deployments, Ingresses, Services } from '../../lib/api/workloads.js';
import { planOffboard } from '../../lib/cli/offboardPlan.js';
import { type OffboardNews, offboard } from '../../lib/cli/offboardSteps.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from '../sim/podinfo.js';
import { initialized, statusOf } from '../sim/stage.js';

const key = { namespace, name: 'podinfo' };

/** Runs it to its end while virtual time passes. */
async function take(world: World, timeoutMs = 120_000): Promise<{ news: OffboardNews[]; failure?: unknown }> {
  const news: OffboardNews[] = [];
  const { cluster, clock } = world;
  let ended = false;
  let failure: unknown;
  const plan = await planOffboard(cluster, key);
  void offboard({ cluster, clock, say: (item) => news.push(item), timeoutMs }, plan)
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      ended = true;
    });
  await clock.runUntil(async () => ended, 600_000);
  return { news, failure };
}

const unanswered = (world: World) =>
  [...world.tally()].reduce(
    (sum, [image, tally]) => sum + (image === '' ? tally.requests : tally.failures),
    0,
  );

const kinds: readonly Kind[] = [Canaries, Deployments, Services, Ingresses];

/** What of podinfo there is. */
const names = async (world: World) =>
  (await Promise.all(kinds.map((kind) => world.cluster.list(kind))))
    .flatMap(({ items }) => items)
    .filter(({ metadata }) => metadata.name?.startsWith('podinfo'))
    .map((object) => `${object.kind} ${object.metadata.name}`);

describe('perch offboard', () => {
  it('gives the traffic back, then takes away what was made, without a failed request', async () => {
    const world = await initialized({}, { webhooks: [] });
    const before = unanswered(world);
    const { news, failure } = await take(world);
    expect(failure).toBeUndefined();
    await world.clock.advance(30_000);
    expect(unanswered(world)).toBe(before);
    expect(await names(world)).toEqual(['Deployment podinfo', 'Service podinfo', 'Ingress podinfo']);
    expect(news.filter(({ done }) => done).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(news.flatMap(({ waitingFor = [] }) => waitingFor)).toContain('the pods of podinfo to be ready');
  });

  it('objects while the target holds what has not passed its checks', async () => {
    const world = await initialized({}, { webhooks: [] });
    expect((await planOffboard(world.cluster, key)).objection).toBeUndefined();
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Progressing', 60_000);
    expect((await planOffboard(world.cluster, key)).objection).toContain('the phase is Progressing');
    world.behave(release('6.9.1'), { errorRate: 0.5 });
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Failed', 300_000);
    expect((await planOffboard(world.cluster, key)).objection).toContain('the phase is Failed');
  });

  it('says so when no controller takes notice, and takes nothing away', async () => {
    const world = createWorld({ traffic: traffic.steady({ rps: 1, host }) });
    world.apply(podinfo());
    const { failure } = await take(world);
    expect(failure).toMatchObject({ code: 'CLI_OFFBOARD_TIMEOUT', path: 'step 1 of 4' });
    expect(await names(world)).toContain('Canary podinfo');
  });

  it('that ran out of time goes on when it is run again', async () => {
    const world = await initialized({}, { webhooks: [] });
    expect((await take(world, 1)).failure).toMatchObject({ code: 'CLI_OFFBOARD_TIMEOUT' });
    expect((await take(world)).failure).toBeUndefined();
    expect(await names(world)).toEqual(['Deployment podinfo', 'Service podinfo', 'Ingress podinfo']);
  });

  it('knows nothing of a canary that is not there', async () => {
    const world = createWorld();
    world.apply(podinfo().filter(({ kind }) => kind !== 'Canary'));
    await expect(planOffboard(world.cluster, key)).rejects.toMatchObject({ code: 'CLI_CANARY_NOT_FOUND' });
  });
});
