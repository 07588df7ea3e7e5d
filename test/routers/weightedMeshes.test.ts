import type { CanarySpec } from '../../lib/api/canary.js';
import { routerConformance, split } from '../conformance/routers.js';
import { kindOf, type Loose, meshBench, shareAmong } from './meshBench.js';

const sharesOnly = {
  unsupported: ['abTest', 'mirror', 'sessionAffinity'] as const,
  reason: 'its objects hold weights and nothing else',
};

interface SplitSpec {
  backends: { service: string; weight: number | string }[];
}

const splitOf = ({ spec }: Loose) => spec as unknown as SplitSpec;

function smi(provider: string, version: string) {
  return meshBench({
    provider,
    kind: kindOf('split.smi-spec.io', version, 'TrafficSplit', 'trafficsplits'),
    spec: { service: { port: 80, hosts: ['app.example.com'], gateways: ['public'] } } as Partial<CanarySpec>,
    share: (object) =>
      shareAmong(
        splitOf(object).backends.map(({ service, weight }) => ({ name: service, weight: Number(weight) })),
        'podinfo-canary',
      ),
    meddle: (object) => {
      const { backends } = splitOf(object);
      const text = typeof backends[0]!.weight === 'string';
      backends[0]!.weight = text ? '77' : 77;
      backends[1]!.weight = text ? '23' : 23;
    },
  });
}

describe.each([
  ['linkerd', 'v1alpha1'],
  ['osm', 'v1alpha2'],
  ['smi:v1alpha1', 'v1alpha1'],
  ['smi:v1alpha2', 'v1alpha2'],
  ['smi:v1alpha3', 'v1alpha3'],
  ['smi:v1alpha2:istio', 'v1alpha2'],
])('%s', (provider, version) => {
  routerConformance(provider, () => smi(provider, version), sharesOnly);

  test('the TrafficSplit names the canary first, as in Flagger', async () => {
    const bench = smi(provider, version);
    await bench.router.sync(bench.canary, split(10));
    const weight = (value: number) => (version === 'v1alpha1' ? String(value) : value);
    expect(bench.object().spec).toEqual({
      service: 'app.example.com',
      backends: [
        { service: 'podinfo-canary', weight: weight(10) },
        { service: 'podinfo-primary', weight: weight(90) },
      ],
    });
    expect(bench.object().metadata.annotations).toEqual(
      provider === 'smi:v1alpha2:istio'
        ? { 'VirtualService.v1alpha3.networking.istio.io/spec.gateways': '["public"]' }
        : undefined,
    );
  });
});

function traefik() {
  const services = ({ spec }: Loose) =>
    (spec.weighted as unknown as { services: { name: string; weight: number }[] }).services;
  return meshBench({
    provider: 'traefik',
    kind: kindOf('traefik.io', 'v1alpha1', 'TraefikService', 'traefikservices'),
    share: (object) => shareAmong(services(object), 'podinfo-canary'),
    meddle: (object) => {
      services(object)[0]!.weight = 23;
      services(object)[1]!.weight = 77;
    },
  });
}

routerConformance('traefik', traefik, sharesOnly);

test('traefik lists the canary only while it gets requests, and writes a primary’s weight of 0', async () => {
  const bench = traefik();
  await bench.router.sync(bench.canary, split(0));
  const entry = (name: string, weight: number) => ({ name, namespace: 'test', port: 80, weight });
  expect(bench.object().spec).toEqual({ weighted: { services: [entry('podinfo-primary', 100)] } });
  await bench.router.sync(bench.canary, split(100));
  expect(bench.object().spec).toEqual({
    weighted: { services: [entry('podinfo-primary', 0), entry('podinfo-canary', 100)] },
  });
});

function kuma() {
  const entries = ({ spec }: Loose) =>
    (spec.conf as unknown as { split: { weight: number; destination: Record<string, string> }[] }).split;
  return meshBench({
    provider: 'kuma',
    kind: kindOf('kuma.io', 'v1alpha1', 'TrafficRoute', 'trafficroutes', false),
    share: (object) =>
      shareAmong(
        entries(object).map(({ weight, destination }) => ({ name: destination['kuma.io/service']!, weight })),
        'podinfo-canary_test_svc_80',
      ),
    meddle: (object) => {
      entries(object)[0]!.weight = 23;
      entries(object)[1]!.weight = 77;
    },
  });
}

routerConformance('kuma', kuma, {
  ...sharesOnly,
  unowned: 'a TrafficRoute belongs to the whole cluster, the Canary to a namespace',
});

test('kuma’s route is for the mesh that the Canary names', async () => {
  const bench = kuma();
  bench.canary.metadata.annotations = { 'kuma.io/mesh': 'inner' };
  await bench.router.sync(bench.canary, split(10));
  expect(bench.object()).toMatchObject({
    mesh: 'inner',
    spec: {
      sources: [{ match: { 'kuma.io/service': '*' } }],
      destinations: [{ match: { 'kuma.io/service': 'podinfo_test_svc_80' } }],
    },
  });
});

function knative(annotations: Record<string, string> = {}) {
  const kind = kindOf('serving.knative.dev', 'v1', 'Service', 'services');
  const traffic = ({ spec }: Loose) =>
    spec.traffic as unknown as { latestRevision?: boolean; percent: number }[] | undefined;
  return meshBench({
    provider: 'knative',
    kind,
    spec: { targetRef: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'podinfo' } },
    seed: (objects) =>
      objects.put(kind, {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: { name: 'podinfo', namespace: 'test', annotations },
        spec: { template: {} },
        status: { latestCreatedRevisionName: 'podinfo-00002' },
      } as never),
    share: (object) => traffic(object)?.find(({ latestRevision }) => latestRevision)?.percent ?? 0,
    meddle: (object) => {
      traffic(object)![0]!.percent = 77;
      traffic(object)![1]!.percent = 23;
    },
  });
}

routerConformance('knative', () => knative(), sharesOnly);

test('knative splits between the newest revision and the one that the Service is annotated with', async () => {
  const bench = knative({ 'flagger.app/primary-revision': 'podinfo-00001' });
  await bench.router.sync(bench.canary, split(10));
  expect(bench.object().spec.traffic).toEqual([
    { latestRevision: true, percent: 10 },
    { revisionName: 'podinfo-00001', percent: 90 },
  ]);
  await bench.router.finalize(bench.canary);
  expect(bench.object()).toMatchObject({ metadata: { annotations: {} }, spec: { template: {} } });
  expect(bench.object().spec.traffic).toBeUndefined();
});

test('a Knative Service that is not there or has no revision is named', async () => {
  const bench = knative();
  const kind = kindOf('serving.knative.dev', 'v1', 'Service', 'services');
  bench.objects.put(kind, { ...bench.object(), status: undefined } as never);
  await expect(bench.router.sync(bench.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_REVISION_MISSING',
  });
  bench.objects.drop(kind, { namespace: 'test', name: 'podinfo' });
  await expect(bench.router.sync(bench.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_ROUTE_NOT_FOUND',
    message:
      'services.serving.knative.dev "podinfo" not found: expected Knative Service podinfo in namespace test',
  });
});

function apisix(backends = [{ serviceName: 'podinfo', servicePort: 80, resolveGranularity: 'service' }]) {
  const kind = kindOf('apisix.apache.org', 'v2', 'ApisixRoute', 'apisixroutes');
  const list = ({ spec }: Loose) =>
    (spec.http as unknown as { backends: { serviceName: string; weight: number }[] }[])[0]!.backends;
  const bench = meshBench({
    provider: 'apisix',
    kind,
    name: 'shop-podinfo-canary',
    spec: { routeRef: { apiVersion: 'apisix.apache.org/v2', kind: 'ApisixRoute', name: 'shop' } },
    seed: (objects) =>
      objects.put(kind, {
        apiVersion: 'apisix.apache.org/v2',
        kind: 'ApisixRoute',
        metadata: { name: 'shop', namespace: 'test', labels: { team: 'web' } },
        spec: {
          ingressClassName: 'apisix',
          http: [
            { name: 'docs', backends: [{ serviceName: 'docs', servicePort: 80 }] },
            { name: 'method', match: { hosts: ['app.example.com'], paths: ['/*'] }, backends },
          ],
        },
      } as never),
    share: (object) =>
      shareAmong(
        list(object).map(({ serviceName, weight }) => ({ name: serviceName, weight })),
        'podinfo-canary',
      ),
    meddle: (object) => {
      list(object)[0]!.weight = 23;
      list(object)[1]!.weight = 77;
    },
  });
  return { ...bench, kind };
}

routerConformance('apisix', () => apisix(), sharesOnly);

test('apisix gets a copy of the application’s rule that comes before it', async () => {
  const bench = apisix();
  await bench.router.sync(bench.canary, split(10));
  const to = (serviceName: string, weight: number) => ({
    serviceName,
    servicePort: 80,
    resolveGranularity: 'service',
    weight,
  });
  expect(bench.object()).toMatchObject({
    metadata: { labels: { team: 'web' } },
    spec: {
      ingressClassName: 'apisix',
      http: [
        {
          name: 'method',
          match: { hosts: ['app.example.com'], paths: ['/*'] },
          priority: 10_000,
          backends: [to('podinfo-primary', 90), to('podinfo-canary', 10)],
        },
      ],
    },
  });
});

/** In the middle of a release the Canary names another object than `shop`, with the same rules. */
async function nameAnother(
  bench: ReturnType<typeof apisix | typeof skipper>,
  reference: { name: string },
): Promise<void> {
  await bench.router.sync(bench.canary, split(40));
  const shop = bench.object('shop');
  bench.objects.put(bench.kind, { ...shop, metadata: { name: 'store', namespace: 'test' } });
  reference.name = 'store';
  expect((await bench.router.sync(bench.canary, split(40))).changed).toBe(true);
}

test('the copy of an ApisixRoute that the Canary names no longer sends everybody to the primary', async () => {
  const bench = apisix();
  await nameAnother(bench, bench.canary.spec.routeRef!);
  expect(bench.canaryShare({ headers: {} })).toBe(0);
  expect(bench.object('store-podinfo-canary').spec).toMatchObject({
    http: [{ backends: [{ weight: 60 }, { weight: 40 }] }],
  });
  expect(await bench.router.sync(bench.canary, split(40))).toEqual({ found: split(40), changed: false });
});

test('an ApisixRoute that is not named, not there, or leads elsewhere too is said', async () => {
  const unnamed = apisix();
  delete unnamed.canary.spec.routeRef;
  await expect(unnamed.router.sync(unnamed.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_ROUTE_REF_MISSING',
    message: 'apisix route selector is empty: provider apisix expects spec.routeRef, given none',
  });
  const absent = apisix();
  absent.canary.spec.routeRef!.name = 'other';
  await expect(absent.router.sync(absent.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_ROUTE_NOT_FOUND',
  });
  const two = [
    { serviceName: 'podinfo', servicePort: 80, resolveGranularity: 'service' },
    { serviceName: 'other', servicePort: 80, resolveGranularity: 'service' },
  ];
  const both = apisix(two);
  await expect(both.router.sync(both.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_BACKEND_NOT_FOUND',
    message:
      'expected a rule of ApisixRoute shop to lead to podinfo alone, its rules lead to docs, podinfo and other',
  });
});

function skipper(predicate?: string) {
  const kind = kindOf('networking.k8s.io', 'v1', 'Ingress', 'ingresses');
  const weights = 'zalando.org/backend-weights';
  const bench = meshBench({
    provider: 'skipper',
    kind,
    name: 'shop-canary',
    spec: { ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'shop' } },
    seed: (objects) =>
      objects.put(kind, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: {
          name: 'shop',
          namespace: 'test',
          annotations: predicate ? { 'zalando.org/skipper-predicate': predicate } : {},
        },
        spec: { rules: [{ http: { paths: [pathTo('podinfo'), pathTo('docs')] } }] },
      } as never),
    share: ({ metadata }) => {
      if (metadata.annotations!['zalando.org/skipper-predicate']!.startsWith('False()')) return 0;
      return (JSON.parse(metadata.annotations![weights]!) as Record<string, number>)['podinfo-canary']!;
    },
    meddle: ({ metadata }) => {
      metadata.annotations![weights] = '{"podinfo-primary":23,"podinfo-canary":77}';
    },
  });
  return { ...bench, kind };
}

function pathTo(name: string) {
  return { path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } };
}

routerConformance('skipper', () => skipper(), sharesOnly);

test('skipper’s second Ingress leads to both versions and wins while the canary gets requests', async () => {
  const bench = skipper('True() && Method("GET")');
  await bench.router.sync(bench.canary, split(20));
  expect(bench.object().spec).toEqual({
    rules: [{ http: { paths: [pathTo('podinfo-primary'), pathTo('podinfo-canary'), pathTo('docs')] } }],
  });
  const predicate = () => bench.object().metadata.annotations!['zalando.org/skipper-predicate'];
  expect(predicate()).toBe('Weight(100) && Method("GET")');
  await bench.router.sync(bench.canary, split(0));
  expect(predicate()).toBe('False() && Method("GET")');
  await bench.router.finalize(bench.canary);
  expect(bench.object()).toBeUndefined();
});

test('skipper’s second Ingress of an Ingress that the Canary names no longer goes', async () => {
  const bench = skipper();
  await nameAnother(bench, bench.canary.spec.ingressRef!);
  expect(bench.objects.created().map(({ metadata }) => metadata.name)).toEqual(['store-canary']);
  expect(await bench.router.sync(bench.canary, split(40))).toEqual({ found: split(40), changed: false });
});
