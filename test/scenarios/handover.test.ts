import { type Service, Services } from '../../lib/api/workloads.js';
import { namespace } from '../sim/podinfo.js';
import { declared, given, hook, type Scene } from './scene.js';

/* Between the traffic's leaving the target and the target's going down, proxies hear of the former. */

/** From a moment in the first second after the move. */
async function staysUpFor5Seconds(scene: Scene): Promise<void> {
  await scene.ground.elapse(3500);
  expect(await scene.replicas('podinfo')).toBe(1);
  await scene.ground.elapse(2000);
  expect(await scene.replicas('podinfo')).toBe(0);
}

const selectsPrimary = (scene: Scene) => async () => {
  const { items } = await scene.ground.cluster.list(Services, { namespace });
  const isGiven = ({ metadata, spec }: Service) =>
    metadata.name === 'podinfo' && spec.selector?.app === 'podinfo-primary';
  return items.some(isGiven);
};

describe('a target that served', () => {
  it('goes down some seconds after a rollback, which is told at once', async () => {
    const scene = await given({ analysis: { webhooks: [hook('rollback', 'rollback/check')] } });
    await scene.release('6.9.1');
    await scene.reachesWeight(50);
    await scene.ground.gate('rollback/open');
    await scene.hears('Canary failed! Scaling down podinfo.test');
    await scene.ground.elapse(500);
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    expect(scene.ground.alerts.at(-1)?.message).toBe('Rolling back manual webhook invoked');
    await staysUpFor5Seconds(scene);
  });

  it.each<[string, object]>([
    ['labelled', { metadata: { labels: { seen: 'yes' } } }],
    ['given another policy', { spec: { analysis: { threshold: 5 } } }],
  ])('is told of once when the canary is %s in those seconds', async (_, patch) => {
    const scene = await given({
      analysis: { webhooks: [hook('rollout', 'gate/halt'), hook('post-rollout', 'gate/approve')] },
    });
    await scene.release('6.9.1');
    await scene.hears('Canary failed! Scaling down podinfo.test');
    await scene.edit(patch);
    await scene.ground.elapse(60_000);
    const { said, alerts } = await scene.story();
    const ends = said.filter((text) => /^Rolling back|^Canary failed|^Post-rollout/.test(text));
    expect(ends).toEqual([...new Set(ends)]);
    expect(alerts.filter((text) => text.startsWith('error'))).toHaveLength(1);
    expect(await scene.replicas('podinfo')).toBe(0);
  });

  it('goes down some seconds after a promotion', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reaches('Finalising');
    await staysUpFor5Seconds(scene);
    expect((await scene.status()).phase).toBe('Succeeded');
  });

  it('goes down some seconds after its users were given a primary', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name: 'podinfo' },
      spec: { selector: { app: 'podinfo' }, ports: [{ port: 9898 }] },
    };
    const scene = await declared({ objects: (objects) => [...objects, service] });
    await scene.ground.startController();
    await scene.ground.until(selectsPrimary(scene), 60_000);
    await scene.ground.elapse(500);
    await staysUpFor5Seconds(scene);
  });

  it('is not waited for when the controller stops, and goes down with the next one', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reaches('Finalising');
    await scene.ground.stopController();
    expect(await scene.replicas('podinfo')).toBe(1);
    await scene.ground.startController();
    await scene.reaches('Succeeded');
    expect(await scene.replicas('podinfo')).toBe(0);
  });
});

it('a target that nobody’s requests came to goes down as soon as its primary is ready', async () => {
  const scene = await declared();
  await scene.ground.startController();
  await scene.ground.until(async () => (await scene.status()).phase === 'Initializing', 60_000);
  await scene.ground.until(selectsPrimary(scene), 60_000);
  await scene.ground.elapse(500);
  expect(await scene.replicas('podinfo')).toBe(0);
});
