import type { Ingress } from '../../../lib/api/workloads.js';
import type { RequestLine } from '../../../lib/sim/models/request.js';
import { createWorld, type World } from '../../../lib/sim/world.js';

const host = 'app.example.com';

function ingress(
  name: string,
  service: string,
  annotations: Record<string, string> = {},
  path = '/',
): Ingress {
  const prefixed = Object.entries(annotations).map(([key, value]) => [
    `nginx.ingress.kubernetes.io/${key}`,
    value,
  ]);
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default', annotations: Object.fromEntries(prefixed) },
    spec: { rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } }] },
  };
}

function app(name: string): object[] {
  const labels = { app: name };
  const metadata = { name, namespace: 'default' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: `${name}:1` }] } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 80 }] } },
  ];
}

async function worldWith(annotations: Record<string, string>): Promise<World> {
  const world = createWorld();
  const objects = [
    ...app('blue'),
    ...app('green'),
    ingress('app', 'blue'),
    ingress('app-canary', 'green', { canary: 'true', ...annotations }),
  ];
  world.apply(objects as Parameters<World['apply']>[0]);
  await world.clock.advance(10_000);
  return world;
}

function shares(world: World, request: Partial<RequestLine> = {}): Record<string, number> {
  const found = world.route({ host, path: '/', ...request });
  return Object.fromEntries(found.map(({ share, pods }) => [pods[0]?.image ?? '', share]));
}

describe('the virtual ingress-nginx', () => {
  it('splits by the weight of the canary Ingress', async () => {
    expect(shares(await worldWith({ 'canary-weight': '30' }))).toEqual({ 'blue:1': 0.7, 'green:1': 0.3 });
    expect(shares(await worldWith({ 'canary-weight': '0' }))).toEqual({ 'blue:1': 1 });
    expect(shares(await worldWith({ 'canary-weight': '5', 'canary-weight-total': '10' }))).toEqual({
      'blue:1': 0.5,
      'green:1': 0.5,
    });
  });

  it('asks the header first, then the cookie, then the weight', async () => {
    const world = await worldWith({
      'canary-by-header': 'X-Canary',
      'canary-by-cookie': 'canary',
      'canary-weight': '20',
    });
    expect(shares(world, { headers: { 'x-canary': 'always' }, cookies: { canary: 'never' } })).toEqual({
      'green:1': 1,
    });
    expect(shares(world, { headers: { 'x-canary': 'never' } })).toEqual({ 'blue:1': 1 });
    expect(shares(world, { cookies: { canary: 'always' } })).toEqual({ 'green:1': 1 });
    expect(shares(world, { headers: { 'x-canary': 'maybe' } })).toEqual({ 'blue:1': 0.8, 'green:1': 0.2 });
  });

  it('takes the header value and the pattern as they are set', async () => {
    const value = await worldWith({ 'canary-by-header': 'X-Group', 'canary-by-header-value': 'beta' });
    expect(shares(value, { headers: { 'x-group': 'beta' } })).toEqual({ 'green:1': 1 });
    expect(shares(value, { headers: { 'x-group': 'always' } })).toEqual({ 'blue:1': 1 });
    const pattern = await worldWith({ 'canary-by-header': 'X-Group', 'canary-by-header-pattern': '^b' });
    expect(shares(pattern, { headers: { 'x-group': 'beta' } })).toEqual({ 'green:1': 1 });
  });

  it('keeps users away from a canary without a ready pod', async () => {
    const world = await worldWith({ 'canary-weight': '50' });
    world.behave('green:2', { health: 'neverReady' });
    world.setImage('default', 'green', 'green:2');
    await world.cluster.delete(
      { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true },
      { namespace: 'default', name: 'green' },
    );
    expect(shares(world)).toEqual({ 'blue:1': 1 });
  });

  it('answers for its hosts and paths only', async () => {
    const world = await worldWith({});
    expect(world.route({ host: 'other.example.com', path: '/' })).toEqual([]);
    world.apply([ingress('deep', 'green', {}, '/deep')]);
    expect(shares(world, { path: '/deep/er' })).toEqual({ 'green:1': 1 });
    expect(shares(world, { path: '/deeper' })).toEqual({ 'blue:1': 1 });
  });
});
