import { Canaries } from '../../lib/api/canary.js';
import { Deployments, Events, Ingresses } from '../../lib/api/workloads.js';
import { ApiError } from '../../lib/ports/cluster.js';
import { MemoryCluster } from './memoryCluster.js';
import { settle } from './virtualClock.js';
import { initialized, makeWorld, NAMESPACE, podinfoCanary } from './world.js';

const weights = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

describe('a whole rollout', () => {
  it('initialises a canary: primary, Services, routes, no pods of the target', async () => {
    const world = await initialized();
    expect(world.canary().status?.phase).toBe('Initialized');
    expect(world.events()).toContain('Initialization done! podinfo.test');
    const primary = world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo-primary' });
    expect(primary?.spec.replicas).toBe(1);
    expect(world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo' })?.spec.replicas).toBe(0);
    expect(world.weight()).toBe('0');
    await world.controller.stop();
  });

  it('promotes a good revision in ten intervals, the start of the pods and the rest of the traffic, within 45 requests', async () => {
    const world = await initialized();
    const before = world.events().length;
    world.release('podinfo:2.0.0');
    const began = world.clock.now();
    while (world.canary().status?.phase !== 'Succeeded' && world.clock.now() - began < 300_000) {
      await world.clock.advance(500);
    }
    expect(world.canary().status?.phase).toBe('Succeeded');
    expect(world.clock.now() - began).toBeLessThan(111_000);
    await world.clock.advance(1_000);
    expect(world.events().slice(before)).toEqual([
      'New revision detected! Scaling up podinfo.test',
      'Starting canary analysis for podinfo.test',
      ...weights.map((weight) => `Advance podinfo.test canary weight ${weight}`),
      'Copying podinfo.test template spec to podinfo-primary.test',
      'Routing all traffic to primary',
      'Promotion completed! Scaling down podinfo.test',
    ]);
    const primary = world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo-primary' });
    expect(primary?.spec.template.spec.containers[0]?.image).toBe('podinfo:2.0.0');
    expect(world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo' })?.spec.replicas).toBe(0);
    expect(world.weight()).toBe('0');
    expect(world.alerts.map(({ alert }) => alert.message)).toEqual([
      'New Deployment detected, initialization completed.',
      'New revision detected, progressing canary analysis.',
      'Canary analysis completed successfully, promotion finished.',
    ]);
    const requests = world.cluster.takeRequests();
    expect(requests.length).toBeLessThanOrEqual(45);
    await world.controller.stop();
  });

  it('asks nothing of the API server and sets no timer for a canary at rest', async () => {
    const world = await initialized();
    await world.clock.advance(3_600_000);
    expect(world.cluster.takeRequests()).toEqual([]);
    expect(world.clock.pending).toBe(0);
    await world.controller.stop();
  });

  it('rolls a faulty revision back with the check that reaches the threshold', async () => {
    const world = await initialized(podinfoCanary({ threshold: 2 }));
    world.metric = () => ({ kind: 'value', value: 90 });
    world.release('podinfo:2.0.0');
    await world.clock.advance(2_100);
    expect(world.weight()).toBe('5');
    await world.clock.advance(20_500);
    expect(world.canary().status?.phase).toBe('Failed');
    expect(world.weight()).toBe('0');
    await world.clock.advance(5_000);
    expect(world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo' })?.spec.replicas).toBe(0);
    expect(world.events().slice(-4)).toEqual([
      'Halt podinfo.test advancement success rate 90.00% < 99%',
      'Halt podinfo.test advancement success rate 90.00% < 99%',
      'Rolling back podinfo.test failed checks threshold reached 2',
      'Canary failed! Scaling down podinfo.test',
    ]);
    await world.controller.stop();
  });

  it('acts on a changed Deployment within 200 ms of the watch event', async () => {
    const world = await initialized();
    world.release('podinfo:2.0.0');
    await world.clock.advance(200);
    expect(world.canary().status?.phase).toBe('Progressing');
    expect(world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo' })?.spec.replicas).toBe(1);
    await world.controller.stop();
  });

  it('puts a route that somebody else edited right, and says so', async () => {
    const world = await initialized();
    world.release('podinfo:2.0.0');
    await world.clock.advance(5_000);
    expect(world.weight()).toBe('5');
    world.cluster.edit(Ingresses, NAMESPACE, 'podinfo-canary', (ingress) => {
      ingress.metadata.annotations!['nginx.ingress.kubernetes.io/canary-weight'] = '80';
    });
    await world.clock.advance(200);
    expect(world.weight()).toBe('5');
    expect(world.events().at(-1)).toBe(
      'Routing of podinfo.test was changed by somebody else to primary 20 canary 80, put back to primary 95 canary 5',
    );
    await world.controller.stop();
  });

  it('goes on with the same outcome when another controller takes over in the middle', async () => {
    const first = await initialized();
    first.release('podinfo:2.0.0');
    await first.clock.advance(35_000);
    const reached = Number(first.weight());
    expect(reached).toBeGreaterThan(5);
    await first.controller.stop();
    const second = makeWorld({}, first.cluster, first.clock, false);
    second.metric = first.metric;
    await second.controller.start();
    await second.clock.advance(120_000);
    expect(second.canary().status?.phase).toBe('Succeeded');
    const advances = second.events().filter((text) => text.startsWith('Advance'));
    expect(advances).toEqual(weights.map((weight) => `Advance podinfo.test canary weight ${weight}`));
    await second.controller.stop();
  });

  it('rejects with the kind that the cluster lacks', async () => {
    const world = makeWorld({}, new MemoryCluster(['MetricTemplate']));
    await expect(world.controller.start()).rejects.toMatchObject({
      code: 'ENGINE_KIND_MISSING',
      message: 'the API server does not serve MetricTemplate (flagger.app/v1beta1)',
    });
    expect(world.controller.healthy()).toBe(false);
  });

  it('records events as Flagger does', async () => {
    const world = await initialized();
    const [event] = world.cluster.all(Events);
    expect(event).toMatchObject({
      reason: 'Synced',
      type: 'Normal',
      source: { component: 'flagger' },
      involvedObject: {
        kind: Canaries.kind,
        name: 'podinfo',
        namespace: NAMESPACE,
        apiVersion: 'flagger.app/v1beta1',
      },
    });
    await world.controller.stop();
  });
});

describe('what happens at the same time', () => {
  it('a new revision that comes while the target is being scaled is not swallowed', async () => {
    const world = await initialized(podinfoCanary({ threshold: 1 }));
    // the watch is behind: a second edit lands before our patch, and its own event never comes
    world.release('podinfo:2.0.0');
    const patch = world.cluster.patch.bind(world.cluster);
    world.cluster.patch = (kind, key, type, body) => {
      world.cluster.patch = patch;
      const deliver = world.cluster.disturb;
      world.cluster.disturb = () => undefined;
      world.release('podinfo:3.0.0');
      world.cluster.disturb = deliver;
      return patch(kind, key, type, body);
    };
    await world.clock.advance(200_000);
    const primary = world.cluster.find(Deployments, { namespace: NAMESPACE, name: 'podinfo-primary' });
    expect(primary?.spec.template.spec.containers[0]?.image).toBe('podinfo:3.0.0');
    expect(world.canary().status?.phase).toBe('Succeeded');
    await world.controller.stop();
  });

  it('a status that somebody else wrote in between is decided on anew', async () => {
    const world = await initialized();
    world.release('podinfo:2.0.0');
    const updateStatus = world.cluster.updateStatus.bind(world.cluster);
    world.cluster.updateStatus = (kind, object) => {
      world.cluster.updateStatus = updateStatus;
      world.cluster.edit(Canaries, NAMESPACE, 'podinfo', ({ metadata }) => {
        metadata.labels = { touched: 'yes' };
      });
      return updateStatus(kind, object);
    };
    await world.clock.advance(200);
    expect(world.canary().status?.phase).toBe('Progressing');
    expect(world.canary().metadata.labels).toEqual({ touched: 'yes' });
    expect(world.events().filter((text) => text.startsWith('New revision'))).toHaveLength(1);
    await world.controller.stop();
  });

  it('stopping while the API server is away ends at once', async () => {
    const world = makeWorld();
    world.cluster.refuse = () => new ApiError(0, 'ConnectionLost', 'refused');
    const starting = world.controller.start();
    await settle();
    await world.controller.stop();
    await starting;
    expect(world.controller.healthy()).toBe(false);
    expect(world.clock.pending).toBe(0);
  });

  it('a whole rollout comes out the same when every tenth request fails', async () => {
    const world = await initialized();
    let count = 0;
    world.cluster.refuse = ({ verb }) => {
      if (verb === 'watch' || verb === 'list') return undefined;
      count += 1;
      return count % 10 === 3 ? new ApiError(500, 'InternalError', 'etcd is busy') : undefined;
    };
    world.release('podinfo:2.0.0');
    await world.clock.advance(130_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    const advances = world.events().filter((text) => text.startsWith('Advance'));
    expect(advances).toEqual(weights.map((weight) => `Advance podinfo.test canary weight ${weight}`));
    await world.controller.stop();
  });

  it('a rollback that fails half-way goes on, and still says its cause', async () => {
    const world = await initialized(podinfoCanary({ threshold: 1 }));
    world.metric = () => ({ kind: 'value', value: 1 });
    world.release('podinfo:2.0.0');
    await world.clock.advance(5_000);
    const before = world.events().length;
    let refusals = 2;
    world.cluster.refuse = ({ kind, verb }) =>
      kind === 'Ingress' && verb === 'patch' && refusals-- > 0
        ? new ApiError(500, 'InternalError', 'no')
        : undefined;
    await world.clock.advance(30_000);
    expect(world.weight()).toBe('0');
    expect(
      world
        .events()
        .slice(before)
        .filter((text) => text !== 'no'),
    ).toEqual([
      'Halt podinfo.test advancement success rate 1.00% < 99%',
      'Rolling back podinfo.test failed checks threshold reached 1',
      'Canary failed! Scaling down podinfo.test',
    ]);
    expect(world.alerts.at(-1)?.alert.message).toBe('Failed checks threshold reached 1');
    await world.controller.stop();
  });

  it('post-rollout hooks are told how it ended, and their failure changes nothing', async () => {
    const hook = { name: 'report', type: 'post-rollout', url: 'http://report.test' } as const;
    const world = await initialized(podinfoCanary({ webhooks: [hook] }));
    world.answer = () => ({ status: 400, headers: {}, body: 'no' });
    world.release('podinfo:2.0.0');
    await world.clock.advance(120_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    const bodies = world.posts.map(({ body = '' }) => JSON.parse(body));
    expect(bodies).toEqual([
      expect.objectContaining({ name: 'podinfo', namespace: 'test', phase: 'Succeeded' }),
    ]);
    expect(world.events()).toContain('Post-rollout hook report failed no');
    await world.controller.stop();
  });
});
