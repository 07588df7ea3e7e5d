import type { AnalysisMatch } from '../../lib/api/canary.js';
import { PerchError } from '../../lib/api/errors.js';
import { httpRoutes } from '../../lib/routers/gateway-api/kinds.js';
import { routerConformance, split } from '../conformance/routers.js';
import { abTest, gatewayBench, gatewayCanary, gatewayController, key } from './gatewayBench.js';

routerConformance('gatewayapi:v1', () => gatewayBench('v1'));
routerConformance('gatewayapi:v1beta1', () => gatewayBench('v1beta1'));

test('the route is what Flagger generates from spec.service, with the API server’s defaults', async () => {
  const bench = gatewayBench();
  const canary = gatewayCanary(
    {},
    {
      match: [{ uri: { prefix: '/api' }, method: { exact: 'GET' }, headers: { 'x-b': { regex: 'b.*' } } }],
      timeout: '5s',
      backendTimeout: '2s',
      headers: { request: { set: { 'x-two': '2', 'x-one': '1' }, remove: ['x-old'] } },
      rewrite: { uri: '/v2', authority: 'inner.example.com', type: 'ReplacePrefixMatch' },
      mirror: [{ backendRef: { name: 'shadow', port: 80 } }],
      corsPolicy: { allowOrigin: ['https://example.com'], maxAge: '24h', allowCredentials: true },
      apex: { labels: { team: 'web' }, annotations: { note: 'x' } },
    },
  );
  await bench.router.sync(canary, split(10));
  const { metadata, spec } = bench.route()!;
  expect(metadata).toMatchObject({
    labels: { team: 'web' },
    annotations: { note: 'x', 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
  });
  expect(spec).toEqual({
    parentRefs: [
      { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateways' },
    ],
    hostnames: ['app.example.com'],
    rules: [
      {
        matches: [
          {
            path: { type: 'PathPrefix', value: '/api' },
            method: 'GET',
            headers: [{ name: 'x-b', value: 'b.*', type: 'RegularExpression' }],
          },
        ],
        filters: [
          {
            type: 'RequestHeaderModifier',
            requestHeaderModifier: {
              set: [
                { name: 'x-one', value: '1' },
                { name: 'x-two', value: '2' },
              ],
              remove: ['x-old'],
            },
          },
          {
            type: 'URLRewrite',
            urlRewrite: {
              hostname: 'inner.example.com',
              path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' },
            },
          },
          {
            type: 'RequestMirror',
            requestMirror: { backendRef: { group: '', kind: 'Service', name: 'shadow', port: 80 } },
          },
          {
            type: 'CORS',
            cors: { allowOrigins: ['https://example.com'], allowCredentials: true, maxAge: 86400 },
          },
        ],
        backendRefs: [
          { group: '', kind: 'Service', name: 'podinfo-primary', port: 80, weight: 90 },
          { group: '', kind: 'Service', name: 'podinfo-canary', port: 80, weight: 10 },
        ],
        timeouts: { request: '5s', backendRequest: '2s' },
      },
    ],
  });
});

test('v1beta1 has neither timeouts nor CORS', async () => {
  const bench = gatewayBench('v1beta1');
  await bench.router.sync(gatewayCanary({}, { timeout: '5s', corsPolicy: { allowOrigin: ['*'] } }), split(0));
  const [rule] = bench.route()!.spec!.rules!;
  expect(Object.keys(rule!)).toEqual(['matches', 'backendRefs']);
});

test('an A/B test by query parameter stays within the paths of the service', async () => {
  const bench = gatewayBench();
  const canary = gatewayCanary(abTest([{ queryParams: { beta: { exact: 'yes' } } }]), {
    match: [{ uri: { prefix: '/shop' } }],
  });
  await bench.router.sync(canary, split(100));
  expect(bench.share({ path: '/shop/cart?beta=yes' })).toBe(100);
  expect(bench.share({ path: '/shop/cart?beta=no' })).toBe(0);
  expect(bench.share({ path: '/other?beta=yes' })).toBe(0);
});

test('an A/B test by a prefix or a suffix of a header means the same as an expression', async () => {
  const bench = gatewayBench();
  const match: AnalysisMatch[] = [
    { headers: { 'x-user': { prefix: 'a.n' } } },
    { headers: { 'x-team': { suffix: '+x' } } },
  ];
  await bench.router.sync(gatewayCanary(abTest(match)), split(100));
  expect(bench.share({ headers: { 'x-user': 'a.nna' } })).toBe(100);
  expect(bench.share({ headers: { 'x-user': 'anna' } })).toBe(0);
  expect(bench.share({ headers: { 'x-team': 'a+x' } })).toBe(100);
  expect(bench.share({ headers: { 'x-team': '+xa' } })).toBe(0);
});

test('requests are copied to the canary while nobody is sent there', async () => {
  const bench = gatewayBench();
  const canary = gatewayCanary({ mirror: true });
  const mirrored = { primary: 100, canary: 0, mirrored: true };
  await bench.router.sync(canary, mirrored);
  expect(await bench.router.sync(canary, mirrored)).toEqual({ found: mirrored, changed: false });
  await bench.router.sync(canary, split(10));
  expect(bench.route()!.spec!.rules![0]).not.toHaveProperty('filters');
});

describe('session affinity', () => {
  const sessionAffinity = { cookieName: 'tester', primaryCookieName: 'user', maxAge: 600, secure: true };
  const status = {
    sessionAffinityCookie: 'tester=abc',
    primarySessionAffinityCookie: 'user=xyz',
  };

  test('keeps whoever bears a cookie on its version, and hands cookies out to the others', async () => {
    const bench = gatewayBench();
    const canary = { ...gatewayCanary({ sessionAffinity }), status };
    await bench.router.sync(canary, split(30));
    expect(bench.share({ headers: { cookie: 'a=b; tester=abc' } })).toBe(100);
    expect(bench.share({ headers: { cookie: 'user=xyz030' } })).toBe(0);
    expect(bench.share({})).toBe(30);
    expect(await bench.router.sync(canary, split(30))).toEqual({ found: split(30), changed: false });
    const cookies = bench
      .route()!
      .spec!.rules!.at(-1)!
      .backendRefs!.map(({ filters }) => filters?.[0]?.responseHeaderModifier?.add);
    expect(cookies).toEqual([
      [{ name: 'Set-Cookie', value: 'user=xyz030; Max-Age=600; Secure' }],
      [{ name: 'Set-Cookie', value: 'tester=abc; Max-Age=600; Secure' }],
    ]);
  });

  test('takes the cookie back when the run is over', async () => {
    const bench = gatewayBench();
    const canary = gatewayCanary({ sessionAffinity });
    await bench.router.sync({ ...canary, status: { previousSessionAffinityCookie: 'tester=abc' } }, split(0));
    expect(bench.share({ headers: { cookie: 'tester=abc' } })).toBe(0);
    expect(bench.route()!.spec!.rules![0]!.filters).toEqual([
      {
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: { add: [{ name: 'Set-Cookie', value: 'tester=abc; Max-Age=-1' }] },
      },
    ]);
  });

  test('takes the cookie back beside the headers that the service adds, as a rule has one filter of a type', async () => {
    const bench = gatewayBench();
    const canary = gatewayCanary({ sessionAffinity }, { headers: { response: { add: { 'x-a': 'b' } } } });
    await bench.router.sync({ ...canary, status: { previousSessionAffinityCookie: 'tester=abc' } }, split(0));
    expect(bench.route()!.spec!.rules!.map(({ filters }) => filters)).toEqual([
      [
        {
          type: 'ResponseHeaderModifier',
          responseHeaderModifier: {
            add: [
              { name: 'x-a', value: 'b' },
              { name: 'Set-Cookie', value: 'tester=abc; Max-Age=-1' },
            ],
          },
        },
      ],
      [
        {
          type: 'ResponseHeaderModifier',
          responseHeaderModifier: { add: [{ name: 'x-a', value: 'b' }] },
        },
      ],
    ]);
  });

  test('of those whom a lower weight left on the primary so many go over that the whole has the weight', async () => {
    const bench = gatewayBench();
    const canary = { ...gatewayCanary({ sessionAffinity }), status };
    await bench.router.sync(canary, split(30));
    expect(bench.share({ headers: { cookie: 'user=xyz010' } })).toBe(22);
    expect(bench.share({ headers: { cookie: 'user=xyz020' } })).toBe(13);
  });
});

describe('a route that was there before', () => {
  const before = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { ...key, labels: { by: 'hand' }, annotations: { controller: 'note' } },
    spec: {
      parentRefs: [{ name: 'public', namespace: 'gateways' }],
      rules: [{ backendRefs: [{ name: 'podinfo', port: 80 }] }],
    },
  };

  test('is taken over with its labels and annotations, and put back by finalize', async () => {
    const bench = gatewayBench();
    bench.objects.put(httpRoutes('v1'), structuredClone(before));
    const pending = { code: 'ROUTER_ROUTE_PENDING' };
    await expect(bench.router.sync(bench.canary, split(20))).rejects.toMatchObject(pending);
    await expect(bench.router.sync(bench.canary, split(20))).rejects.toMatchObject(pending);
    await bench.clock.advance(5_000);
    await bench.router.sync(bench.canary, split(20));
    expect(bench.share({})).toBe(20);
    expect(bench.route()!.metadata).toMatchObject({
      labels: { by: 'hand' },
      annotations: { controller: 'note' },
    });
    expect(bench.route()!.metadata.ownerReferences).toBeUndefined();
    await expect(bench.router.finalize(bench.canary)).rejects.toMatchObject(pending);
    await expect(bench.router.finalize(bench.canary)).rejects.toMatchObject(pending);
    await bench.clock.advance(5_000);
    await bench.router.finalize(bench.canary);
    expect(bench.route()!.spec).toEqual(before.spec);
  });
});

test('what the API server adds to a route by itself is no reason to write it again', async () => {
  const bench = gatewayBench();
  const patch = bench.objects.patch.bind(bench.objects);
  bench.objects.patch = async (kind, at, type, change) => {
    const answer = await patch(kind, at, type, change);
    const added = { ...answer, spec: { ...(answer as { spec?: object }).spec, useDefaultGateways: 'None' } };
    bench.objects.put(kind, added);
    return added;
  };
  await bench.router.sync(bench.canary, split(0));
  await bench.router.sync(bench.canary, split(10));
  expect((await bench.router.sync(bench.canary, split(10))).changed).toBe(false);
  bench.meddle();
  expect((await bench.router.sync(bench.canary, split(10))).changed).toBe(true);
});

test.each([
  ['False', 'status: False, observed generation: 0', /status of the route/],
  ['', 'status: Unknown, observed generation: 0', /whether the Gateway public exists in namespace gateways/],
] as const)('a route whose acceptance is "%s" holds the release', async (accepted, text, remedy) => {
  const bench = gatewayBench('v1', gatewayController(accepted));
  expect(await bench.router.sync(bench.canary, split(10))).toEqual({ found: undefined, changed: true });
  const error = await bench.router.sync(bench.canary, split(10)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PerchError);
  expect(error).toMatchObject({
    code: 'ROUTER_ROUTE_PENDING',
    message: `HTTPRoute podinfo.test parent public is not ready (${text}, current generation: 0)`,
    remedy: expect.stringMatching(remedy),
  });
});

test('a canary without gatewayRefs is told so in Flagger’s words', async () => {
  const bench = gatewayBench();
  await expect(bench.router.sync(gatewayCanary({}, { gatewayRefs: [] }), split(0))).rejects.toMatchObject({
    code: 'ROUTER_GATEWAY_MISSING',
    message: 'GatewayRefs must be specified when using Gateway API as a provider.',
  });
});
