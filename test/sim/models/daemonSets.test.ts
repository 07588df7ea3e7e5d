import type { KubeObject } from '../../../lib/api/kinds.js';
import { type DaemonSet, DaemonSets } from '../../../lib/api/workloads.js';
import { traffic } from '../../../lib/sim/models/traffic.js';
import { createWorld } from '../../../lib/sim/world.js';
import { host, namespace, podinfo, release } from '../podinfo.js';
import { messages, statusOf } from '../stage.js';

/** podinfo as a DaemonSet. */
function objects(): KubeObject[] {
  return podinfo('6.9.0', { webhooks: [] }).map((object) => {
    const { spec } = object as KubeObject & { spec: object };
    if (object.kind === 'Deployment' && object.metadata.name === 'podinfo')
      return { ...object, kind: 'DaemonSet' };
    const targetRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'podinfo' };
    return object.kind === 'Canary' ? { ...object, spec: { ...spec, targetRef } } : object;
  });
}

it('a DaemonSet is released on the virtual cluster without a failed request', async () => {
  const world = createWorld({
    traffic: traffic.steady({ rps: 20, host }),
  });
  world.apply(objects());
  await world.startController();
  await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Initialized', 120_000);
  const find = (name: string): Promise<DaemonSet> => world.cluster.get(DaemonSets, { namespace, name });
  await world.clock.advance(1_000);
  expect((await find('podinfo')).status?.desiredNumberScheduled).toBe(0);
  expect((await find('podinfo-primary')).status).toMatchObject({
    desiredNumberScheduled: 3,
    numberAvailable: 3,
  });

  // until the first pods were there
  const unanswered = world.tally().get('')?.requests;
  const { spec } = await find('podinfo');
  const containers = spec.template.spec.containers.map((item) => ({ ...item, image: release('6.9.1') }));
  await world.cluster.patch(DaemonSets, { namespace, name: 'podinfo' }, 'merge', {
    spec: { template: { spec: { containers } } },
  });
  await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 600_000);
  await world.clock.advance(30_000);
  expect(messages(world).filter((message) => message.startsWith('Advance'))).toHaveLength(5);
  expect(world.route({ host, path: '/' })).toMatchObject([
    { share: 1, pods: [1, 2, 3].map(() => ({ image: release('6.9.1') })) },
  ]);
  expect(world.tally().get('')?.requests).toBe(unanswered);
});
