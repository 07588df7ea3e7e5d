import type { CanarySpec } from '../../lib/api/canary.js';
import { DestinationRules, type VirtualService, VirtualServices } from '../../lib/routers/istio/kinds.js';
import { istio } from '../../lib/sim/routers/istio.js';
import type { View } from '../../lib/sim/routers/model.js';
import { routerConformance, split } from '../conformance/routers.js';
import { abTest } from './gatewayBench.js';
import { type MeshBench, meshBench } from './meshBench.js';

const host = 'app.example.com';

function bench(service: object = {}, analysis: object = {}): MeshBench {
  const made = meshBench({
    provider: 'istio',
    kind: VirtualServices,
    spec: { service: { port: 80, hosts: [host], ...service } } as Partial<CanarySpec>,
    share: (object, request) => shareOf(object as unknown as VirtualService, request),
    meddle: ({ spec }) => {
      const [route] = (spec.http ?? spec.tcp) as unknown as { route: { weight: number }[] }[];
      route!.route[0]!.weight = 23;
      route!.route[1]!.weight = 77;
    },
  });
  Object.assign(made.canary.spec.analysis, analysis);
  return made;
}

function shareOf(
  service: VirtualService,
  request: { path?: string; headers?: Record<string, string> },
): number {
  const view = { list: ({ kind }) => (kind === service.kind ? [service] : []), isReady: () => true } as View;
  const backends = istio.route(view, { host, path: '/', ...request }) ?? [];
  return Math.round(100 * (backends.find(({ service: name }) => name === 'podinfo-canary')?.share ?? 0));
}

const http = (made: MeshBench) => (made.object() as unknown as VirtualService).spec!.http!;

routerConformance('istio', () => bench());
routerConformance('istio for TCP', () => bench({ appProtocol: 'TCP', match: [{ port: 6379 }] }), {
  unsupported: ['abTest', 'mirror', 'sessionAffinity'],
  reason: 'connections have no headers and are not copied',
});

test('the objects are what Flagger generates from spec.service', async () => {
  const made = bench({
    gateways: ['istio-system/public'],
    portDiscovery: true,
    match: [{ uri: { prefix: '/api' } }],
    rewrite: { uri: '/', authority: 'inner', type: 'ReplacePrefixMatch' },
    timeout: '5s',
    retries: { attempts: 3, perTryTimeout: '1s' },
    headers: { request: { add: { 'x-a': 'b' } } },
    corsPolicy: { allowOrigins: [{ exact: 'https://example.com' }] },
    trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
  });
  await made.router.sync(made.canary, split(10));
  const to = (name: string, weight: number) => ({
    destination: { host: name, port: { number: 80 } },
    weight,
  });
  expect(made.object().spec).toEqual({
    hosts: [host, 'podinfo'],
    gateways: ['istio-system/public'],
    http: [
      {
        match: [{ uri: { prefix: '/api' } }],
        rewrite: { uri: '/', authority: 'inner' },
        timeout: '5s',
        retries: { attempts: 3, perTryTimeout: '1s' },
        headers: { request: { add: { 'x-a': 'b' } } },
        corsPolicy: { allowOrigins: [{ exact: 'https://example.com' }] },
        route: [to('podinfo-primary', 90), to('podinfo-canary', 10)],
      },
    ],
  });
  for (const name of ['podinfo-primary', 'podinfo-canary']) {
    expect(made.objects.read(DestinationRules, { namespace: 'test', name })?.spec).toEqual({
      host: name,
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
    });
  }
});

test('without gateways it is for the mesh, and a wildcard needs no further host', async () => {
  const made = bench({ hosts: ['*'] });
  await made.router.sync(made.canary, split(0));
  expect(made.object().spec).toMatchObject({ hosts: ['*'], gateways: ['mesh'] });
});

test('a delegate has neither hosts nor gateways, and is told so when it is given some', async () => {
  const made = bench({ hosts: undefined, delegation: true, portDiscovery: true });
  await made.router.sync(made.canary, split(0));
  expect(Object.keys(made.object().spec)).toEqual(['http']);
  expect(http(made)[0]!.route![0]!.destination.port).toEqual({ number: 80 });
  const wrong = bench({ delegation: true });
  await expect(wrong.router.sync(wrong.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_DELEGATE_HOSTS',
    message: 'VirtualService podinfo.test cannot have hosts and gateways when delegation enabled',
  });
});

test('an A/B test is within the requests that the service takes', async () => {
  const match = [{ headers: { 'x-user': { suffix: '.example' } }, queryParams: { v: { exact: '2' } } }];
  const made = bench({ match: [{ uri: { prefix: '/shop' } }] }, abTest(match));
  await made.router.sync(made.canary, split(100));
  const share = (path: string, user: string) =>
    shareOf(made.object() as unknown as VirtualService, { path, headers: { 'x-user': user } });
  expect([share('/shop?v=2', 'a.example'), share('/shop?v=1', 'a.example')]).toEqual([100, 0]);
  expect([share('/shop?v=2', 'a.other'), share('/other?v=2', 'a.example')]).toEqual([0, 0]);
});

test('a share of the requests is copied while nobody is sent to the canary', async () => {
  const made = bench({}, { mirror: true, mirrorWeight: 30 });
  const mirrored = { primary: 100, canary: 0, mirrored: true };
  await made.router.sync(made.canary, mirrored);
  expect(http(made)[0]).toMatchObject({
    mirror: { host: 'podinfo-canary' },
    mirrorPercentage: { value: 30 },
  });
  expect((await made.router.sync(made.canary, mirrored)).found).toEqual(mirrored);
  await made.router.sync(made.canary, split(10));
  expect(http(made)[0]).not.toHaveProperty('mirror');
});

test('copies that are made of the requests of a cookie’s bearers alone are no mirroring, and put right', async () => {
  const made = bench({}, { mirror: true, sessionAffinity: { cookieName: 'tester' } });
  made.canary.status = { previousSessionAffinityCookie: 'tester=abc' };
  const mirrored = { primary: 100, canary: 0, mirrored: true };
  await made.router.sync(made.canary, mirrored);
  const live = made.object() as unknown as { spec: { http: { mirror?: object }[] } };
  delete live.spec.http[1]!.mirror;
  made.objects.put(VirtualServices, live as never);
  expect(await made.router.sync(made.canary, mirrored)).toEqual({ found: split(0), changed: true });
  expect(http(made)[1]!.mirror).toEqual({ host: 'podinfo-canary' });
});

test('session affinity keeps whoever bears a cookie on its version, and takes the cookie back', async () => {
  const sessionAffinity = { cookieName: 'tester', primaryCookieName: 'user' };
  const made = bench({}, { sessionAffinity });
  const status = { sessionAffinityCookie: 'tester=abc', primarySessionAffinityCookie: 'user=xyz' };
  await made.router.sync({ ...made.canary, status }, split(30));
  const share = (cookie?: string) =>
    shareOf(made.object() as unknown as VirtualService, { headers: cookie ? { cookie } : {} });
  expect([share('tester=abc'), share('user=xyz030'), share()]).toEqual([100, 0, 30]);
  expect(
    http(made)
      .at(-1)!
      .route!.map(({ headers }) => headers?.response?.add),
  ).toEqual([{ 'Set-Cookie': 'user=xyz030; Max-Age=86400' }, { 'Set-Cookie': 'tester=abc; Max-Age=86400' }]);
  expect((await made.router.sync({ ...made.canary, status }, split(30))).found).toEqual(split(30));
  await made.router.sync(
    { ...made.canary, status: { previousSessionAffinityCookie: 'tester=abc' } },
    split(0),
  );
  expect(share('tester=abc')).toBe(0);
  expect(http(made)[0]!.headers).toEqual({ response: { add: { 'Set-Cookie': 'tester=abc; Max-Age=-1' } } });
});

test.each([
  {},
  { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { hosts: ['applied'] } }) },
])(
  'a VirtualService that was there before, with annotations %j, is put back by finalize',
  async (annotations) => {
    const made = bench();
    const spec = { hosts: ['mine'], http: [{ route: [] }] };
    made.objects.put(VirtualServices, {
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'VirtualService',
      metadata: { name: 'podinfo', namespace: 'test', annotations },
      spec,
    } as never);
    await made.router.sync(made.canary, split(20));
    expect(made.canaryShare({ headers: {} })).toBe(20);
    await made.router.finalize(made.canary);
    expect(made.object().spec).toEqual(Object.keys(annotations).length ? { hosts: ['applied'] } : spec);
  },
);
