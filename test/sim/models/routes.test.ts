import { Canaries } from '../../../lib/api/canary.js';
import type { KubeObject } from '../../../lib/api/kinds.js';
import { gatewayQueries } from '../../../lib/constructs/app/gatewayQueries.js';
import { httpRoutes } from '../../../lib/routers/gateway-api/kinds.js';
import { traffic } from '../../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../../lib/sim/world.js';
import { host, namespace, podinfo, release } from '../podinfo.js';
import { messages, statusOf } from '../stage.js';

const contour = gatewayQueries('contour');

const key = { namespace, name: 'podinfo' };

/** podinfo without an Ingress, routed by another provider, as it is when the controller starts. */
async function prepared(
  provider: string,
  service: object,
  analysis: object = {},
  further: KubeObject[] = [],
  spec: object = {},
): Promise<World> {
  const world = createWorld({ traffic: traffic.steady({ rps: 20, host }) });
  const builtin = ['request-success-rate', 'request-duration'].map((name, index) => ({
    name,
    interval: '1m',
    thresholdRange: index === 0 ? { min: 99 } : { max: 500 },
  }));
  const objects = podinfo('6.9.0', { metrics: builtin, webhooks: [], ...analysis })
    .filter(({ kind }) => kind !== 'Ingress')
    .map((object) => (object.kind === 'Canary' ? rerouted(object, provider, service, spec) : object));
  world.apply([...objects, ...further]);
  await world.startController();
  return world;
}

async function initialized(...what: Parameters<typeof prepared>): Promise<World> {
  const world = await prepared(...what);
  await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Initialized', 600_000);
  await world.clock.advance(1_000);
  return world;
}

function rerouted(canary: KubeObject, provider: string, service: object, further: object): KubeObject {
  const { ingressRef: _, ...spec } = (canary as unknown as { spec: Record<string, object> }).spec;
  return {
    ...canary,
    spec: { ...spec, ...further, provider, service: { ...spec.service, ...service } },
  } as KubeObject;
}

function shares(world: World): Record<string, number> {
  const found = world.route({ host, path: '/' });
  return Object.fromEntries(found.map(({ share, pods }) => [pods[0]?.image ?? '', share]));
}

describe.each([
  ['gatewayapi:v1', { hosts: [host], gatewayRefs: [{ name: 'public' }] }],
  ['gatewayapi:v1beta1', { hosts: [host], gatewayRefs: [{ name: 'public' }] }],
  ['istio', { hosts: [host], gateways: ['istio-system/public'] }],
])('a rollout with %s', (provider, service) => {
  it('promotes a healthy version by its built-in metrics', async () => {
    const world = await initialized(provider, service);
    expect(shares(world)).toEqual({ [release('6.9.0')]: 1 });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 30, 600_000);
    expect(shares(world)).toEqual({ [release('6.9.0')]: 0.7, [release('6.9.1')]: 0.3 });
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Succeeded', 600_000);
    await world.clock.advance(1_000);
    expect(shares(world)).toEqual({ [release('6.9.1')]: 1 });
    expect(messages(world).filter((text) => text.startsWith('Halt'))).toEqual([]);
  });

  it('rolls back a version that answers with errors', async () => {
    const world = await initialized(provider, service);
    world.behave(release('6.9.1'), { errorRate: 0.2 });
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Failed', 900_000);
    await world.clock.advance(1_000);
    expect(shares(world)).toEqual({ [release('6.9.0')]: 1 });
    expect(messages(world).some((text) => /success rate \d\d\.\d\d% < 99%/.test(text))).toBe(true);
  });
});

describe('a Gateway of Contour, whose Envoy counts', () => {
  const query = {
    'success-rate': contour!.successRate,
    duration: contour!.duration,
  };
  const templates = Object.entries(query).map(([name, text]) => ({
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name, namespace },
    spec: { provider: { type: 'prometheus', address: 'http://prometheus.monitoring:9090' }, query: text },
  }));
  const metrics = [
    { name: 'success-rate', interval: '1m', thresholdRange: { min: 99 } },
    { name: 'duration', interval: '1m', thresholdRange: { max: 500 } },
  ].map((metric) => ({ ...metric, templateRef: { name: metric.name } }));
  const service = { hosts: [host], gatewayRefs: [{ name: 'public' }] };

  async function releasedOn(behaviour: { errorRate?: number; latencyMs?: number }, ends: string) {
    const world = await initialized('gatewayapi:v1', service, { metrics }, templates as never);
    world.behave(release('6.9.1'), behaviour);
    world.setImage(namespace, 'podinfo', release('6.9.1'));
    const ended = await world.clock.runUntil(async () => (await statusOf(world))?.phase === ends, 900_000);
    return { ended, said: messages(world).filter((text) => text.startsWith('Halt')) };
  }

  it('promotes a healthy version', async () => {
    expect(await releasedOn({}, 'Succeeded')).toEqual({ ended: true, said: [] });
  });

  it('rolls back one that answers with errors', async () => {
    const { ended, said } = await releasedOn({ errorRate: 0.2 }, 'Failed');
    expect(ended).toBe(true);
    expect(said[0]).toMatch(/success-rate \d\d\.\d\d < 99/);
  });
});

describe('a route that users had before there was a canary', () => {
  const own = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { namespace, name: 'podinfo' },
    spec: {
      parentRefs: [{ name: 'public' }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name: 'podinfo', port: 80 }] }],
    },
  };
  const service = { hosts: [host], gatewayRefs: [{ name: 'public' }] };
  const specOf = async (world: World) => (await world.cluster.get(httpRoutes('v1'), key)).spec;
  const named = async (world: World) =>
    (await specOf(world))?.rules?.[0]?.backendRefs?.map(({ name, weight = 1 }) => [name, weight]);

  it('is taken over, and given back, by way of one that names the Services of both', async () => {
    const world = await prepared('gatewayapi:v1', service, {}, [own], { revertOnDeletion: true });
    const seen = new Set<string>();
    const look = async () => seen.add(JSON.stringify(await named(world)));
    const initialized = async () => (await look()) && (await statusOf(world))?.phase === 'Initialized';
    expect(await world.clock.runUntil(initialized, 120_000)).toBe(true);
    await world.clock.advance(1_000);
    expect(shares(world)).toEqual({ [release('6.9.0')]: 1 });
    await world.cluster.delete(Canaries, key);
    const gone = async () => (await look()) && (await world.cluster.list(Canaries)).items.length === 0;
    expect(await world.clock.runUntil(gone, 120_000)).toBe(true);
    expect([...seen].map((text) => JSON.parse(text))).toEqual([
      [['podinfo', 1]],
      [
        ['podinfo', 1],
        ['podinfo-primary', 0],
        ['podinfo-canary', 0],
      ],
      [
        ['podinfo-primary', 100],
        ['podinfo-canary', 0],
      ],
      [
        ['podinfo-primary', 100],
        ['podinfo-canary', 0],
        ['podinfo', 0],
      ],
    ]);
    expect(await specOf(world)).toEqual(own.spec);
    expect(messages(world).filter((text) => text.startsWith('HTTPRoute'))).toEqual([]);
  });
});

it('whoever bears the cookie of a run stays on its version', async () => {
  const sessionAffinity = { cookieName: 'tester' };
  const service = { hosts: [host], gatewayRefs: [{ name: 'public' }] };
  const world = await initialized('gatewayapi:v1', service, { sessionAffinity });
  world.setImage(namespace, 'podinfo', release('6.9.1'));
  await world.clock.runUntil(async () => (await statusOf(world))?.canaryWeight === 20, 600_000);
  const [name = '', value = ''] = (await statusOf(world))!.sessionAffinityCookie!.split('=');
  await world.clock.advance(1_000);
  const found = world.route({ host, path: '/', cookies: { [name]: value } });
  expect(found.map(({ pods }) => pods[0]?.image)).toEqual([release('6.9.1')]);
});
