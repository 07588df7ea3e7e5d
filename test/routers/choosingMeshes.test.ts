import type { AnalysisMatch, CanarySpec } from '../../lib/api/canary.js';
import { type Service, Services } from '../../lib/api/workloads.js';
import { matchersOf } from '../../lib/routers/gloo/matchers.js';
import type { MemoryObjects } from '../conformance/memoryObjects.js';
import { type Request, routerConformance, split } from '../conformance/routers.js';
import { abTest } from './gatewayBench.js';
import { kindOf, type Loose, meshBench, shareAmong } from './meshBench.js';

const noMirror = {
  unsupported: ['mirror', 'sessionAffinity'] as const,
  reason: 'Flagger has no mirroring there either',
};

interface Weighted {
  name: string;
  weight: number;
}

function putServices(objects: MemoryObjects): void {
  for (const [name, app] of [
    ['podinfo-primary', 'podinfo-primary'],
    ['podinfo-canary', 'podinfo'],
  ] as const) {
    const service: Service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'test' },
      spec: { selector: { app }, ports: [{ name: 'http', port: 80 }] },
    };
    objects.put(Services, service);
  }
}

interface ProxyRoute {
  conditions: { prefix?: string; header?: { name: string; exact?: string; regex?: string } }[];
  services: Weighted[];
}

function contour(service: object = {}) {
  const routes = ({ spec }: Loose) => spec.routes as unknown as ProxyRoute[];
  return meshBench({
    provider: 'contour',
    kind: kindOf('projectcontour.io', 'v1', 'HTTPProxy', 'httpproxies'),
    spec: { service: { port: 80, ...service } } as Partial<CanarySpec>,
    share: (object, { headers }: Request) => {
      const route = routes(object).find(({ conditions }) =>
        conditions.every(({ header }) => !header || headers[header.name] === header.exact),
      );
      return shareAmong(route!.services, 'podinfo-canary');
    },
    meddle: (object) => {
      const [primary, canary] = routes(object)[0]!.services;
      primary!.weight = 23;
      canary!.weight = 77;
    },
  });
}

routerConformance('contour', () => contour(), noMirror);

test('contour’s proxy is what Flagger generates, of the class that the controller is told', async () => {
  const bench = contour({
    match: [{ uri: { prefix: '/api' } }],
    timeout: '5s',
    retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx,reset' },
  });
  await bench.router.sync(bench.canary, split(10));
  const to = (name: string, weight: number) => ({
    name,
    port: 80,
    weight,
    requestHeadersPolicy: {
      set: [{ name: 'l5d-dst-override', value: `${name}.test.svc.cluster.local:80` }],
    },
  });
  expect(bench.object().spec).toEqual({
    ingressClassName: 'public',
    routes: [
      {
        conditions: [{ prefix: '/api' }],
        timeoutPolicy: { response: '5s', idle: '5m' },
        retryPolicy: { count: 3, perTryTimeout: '1s', retryOn: ['5xx', 'reset'] },
        services: [to('podinfo-primary', 90), to('podinfo-canary', 10)],
      },
    ],
  });
});

test('contour gets a route for each match of an A/B test, with one prefix each', async () => {
  const bench = contour();
  const match: AnalysisMatch[] = [
    { headers: { 'x-a': { exact: '1' }, 'x-b': { prefix: 'b' } } },
    { headers: { cookie: { regex: '.*beta.*' } }, queryParams: { v: { exact: '2' } } },
  ];
  Object.assign(bench.canary.spec.analysis, abTest(match));
  await bench.router.sync(bench.canary, split(100));
  const routes = bench.object().spec.routes as unknown as ProxyRoute[];
  expect(routes.map(({ conditions }) => conditions)).toEqual([
    [{ prefix: '/' }, { header: { name: 'x-a', exact: '1' } }, { header: { name: 'x-b', contains: 'b' } }],
    [
      { prefix: '/' },
      { header: { name: 'cookie', regex: '.*beta.*' } },
      { queryParameter: { name: 'v', exact: '2' } },
    ],
    [{ prefix: '/' }],
  ]);
});

interface TableRoute {
  matchers?: { headers: { name: string; value: string; regex?: boolean }[] }[];
  routeAction: { multi: { destinations: { destination: { upstream: { name: string } }; weight: number }[] } };
}

const upstreamKind = kindOf('gloo.solo.io', 'v1', 'Upstream', 'upstreams');

function gloo() {
  const routes = ({ spec }: Loose) => spec.routes as unknown as TableRoute[];
  return meshBench({
    provider: 'gloo',
    kind: kindOf('gateway.solo.io', 'v1', 'RouteTable', 'routetables'),
    spec: {
      upstreamRef: { apiVersion: 'gloo.solo.io/v1', kind: 'Upstream', name: 'settings', namespace: 'gloo' },
    },
    seed: (objects) => {
      putServices(objects);
      objects.put(upstreamKind, {
        apiVersion: 'gloo.solo.io/v1',
        kind: 'Upstream',
        metadata: { name: 'settings', namespace: 'gloo', labels: { team: 'web' } },
        spec: { useHttp2: true, kube: { serviceName: 'x' }, loadBalancerConfig: { random: {} } },
      } as never);
    },
    share: (object, { headers }) => {
      const route = routes(object).find(
        ({ matchers }) =>
          !matchers ||
          matchers.some((one) => one.headers.every(({ name, value }) => headers[name] === value)),
      );
      const entries = route!.routeAction.multi.destinations.map(({ destination, weight }) => ({
        name: destination.upstream.name,
        weight,
      }));
      return shareAmong(entries, 'test-podinfo-canaryupstream-80');
    },
    meddle: (object) => {
      const { destinations } = routes(object)[0]!.routeAction.multi;
      destinations[0]!.weight = 23;
      destinations[1]!.weight = 77;
    },
  });
}

routerConformance('gloo', gloo, noMirror);

test('gloo’s upstreams select the pods of the Services, with the settings of the one that is named', async () => {
  const bench = gloo();
  await bench.router.sync(bench.canary, split(0));
  const key = { namespace: 'test', name: 'test-podinfo-canaryupstream-80' };
  const upstream = () => bench.objects.read(upstreamKind, key) as Loose;
  expect(upstream()).toMatchObject({
    metadata: { labels: { team: 'web' } },
    spec: {
      useHttp2: true,
      loadBalancerConfig: { random: {} },
      kube: {
        serviceName: 'podinfo-canary',
        serviceNamespace: 'test',
        servicePort: 80,
        selector: { app: 'podinfo' },
      },
    },
  });
  bench.objects.put(upstreamKind, { ...upstream(), spec: { ...upstream().spec, found: {} } } as never);
  expect((await bench.router.sync(bench.canary, split(0))).changed).toBe(false);
});

test('gloo matches exact values and expressions, and what begins or ends so by an expression', () => {
  const match = [
    { headers: { a: { exact: '1' }, b: { regex: 'x.*' }, c: { prefix: 'p.' }, d: { suffix: 's' } } },
    { queryParams: { v: { exact: '2' } } },
  ];
  expect(matchersOf(match)).toEqual([
    {
      headers: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'x.*', regex: true },
        { name: 'c', value: 'p\\..*', regex: true },
        { name: 'd', value: '.*s', regex: true },
      ],
    },
    { queryParameters: [{ name: 'v', value: '2' }] },
  ]);
});

interface MeshRoute {
  name: string;
  priority?: number;
  http: HttpAction;
  httpRoute: HttpAction;
}
interface HttpAction {
  match: { headers?: { name: string; match: { exact?: string } }[] };
  action: {
    weightedTargets: { virtualNodeName?: string; virtualNodeRef?: { name: string }; weight: number }[];
  };
}

function appMesh(version: 'v1beta1' | 'v1beta2', service: object = {}) {
  const routes = ({ spec }: Loose) => spec.routes as unknown as MeshRoute[];
  const action = (route: MeshRoute) => (version === 'v1beta1' ? route.http : route.httpRoute);
  const old = version === 'v1beta1';
  return meshBench({
    provider: old ? 'appmesh' : 'appmesh:v1beta2',
    kind: kindOf(
      'appmesh.k8s.aws',
      version,
      old ? 'VirtualService' : 'VirtualRouter',
      old ? 'virtualservices' : 'virtualrouters',
    ),
    name: old ? 'podinfo.test' : 'podinfo',
    spec: { service: { port: 80, meshName: 'global', ...service } } as Partial<CanarySpec>,
    seed: putServices,
    share: (object, { headers }) => {
      const route = routes(object)
        .toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
        .find((one) =>
          (action(one).match.headers ?? []).every(({ name, match }) => headers[name] === match.exact),
        );
      const entries = action(route!).action.weightedTargets.map((target) => ({
        name: target.virtualNodeName ?? target.virtualNodeRef!.name,
        weight: target.weight,
      }));
      return shareAmong(entries, 'podinfo-canary');
    },
    meddle: (object) => {
      const { weightedTargets } = action(routes(object)[0]!).action;
      weightedTargets[0]!.weight = 77;
      weightedTargets[1]!.weight = 23;
    },
  });
}

routerConformance('appmesh', () => appMesh('v1beta1'), noMirror);
routerConformance('appmesh:v1beta2', () => appMesh('v1beta2'), noMirror);

test('appmesh’s nodes and services are what Flagger generates', async () => {
  const bench = appMesh('v1beta1', {
    hosts: ['a.example.com', 'b.example.com'],
    timeout: '5s',
    retries: { attempts: 3 },
    backends: ['backend.test'],
    portName: 'grpc-api',
  });
  bench.canary.metadata.annotations = { 'appmesh.flagger.app/accesslog': 'enabled' };
  await bench.router.sync(bench.canary, split(10));
  expect(bench.routingObjects().map((object) => `${object!.kind} ${object!.metadata.name}`)).toEqual([
    'VirtualNode podinfo',
    'VirtualNode podinfo-primary',
    'VirtualNode podinfo-canary',
    'VirtualService podinfo.test',
    'VirtualService podinfo-canary.test',
  ]);
  expect(bench.routingObjects()[0]).toMatchObject({
    spec: {
      meshName: 'global',
      listeners: [{ portMapping: { port: 80, protocol: 'grpc' } }],
      serviceDiscovery: { dns: { hostName: 'podinfo-primary.test' } },
      backends: [{ virtualService: { virtualServiceName: 'backend.test' } }],
      logging: { accessLog: { file: { path: '/dev/stdout' } } },
    },
  });
  expect(bench.object().metadata.annotations).toMatchObject({
    'gateway.appmesh.k8s.aws/expose': 'true',
    'gateway.appmesh.k8s.aws/domain': 'a.example.com,b.example.com,',
    'gateway.appmesh.k8s.aws/timeout': '5s',
    'gateway.appmesh.k8s.aws/retries': '3',
  });
  expect(bench.object().spec).toMatchObject({
    virtualRouter: { name: 'podinfo' },
    routes: [
      {
        name: 'podinfo',
        http: {
          match: { prefix: '/' },
          retryPolicy: { maxRetries: 3, perRetryTimeoutMillis: 250, httpRetryEvents: ['gateway-error'] },
        },
      },
    ],
  });
});

test('appmesh:v1beta2 tells pods by the labels of the Services and routes by routers', async () => {
  const bench = appMesh('v1beta2', { timeout: '5s', targetPort: 9898, backends: ['arn:aws:x', 'other'] });
  await bench.router.sync(bench.canary, split(10));
  const named = (name: string) => bench.routingObjects().find((object) => object!.metadata.name === name);
  expect(named('podinfo-primary')).toMatchObject({
    kind: 'VirtualNode',
    spec: {
      podSelector: { matchLabels: { app: 'podinfo-primary' } },
      listeners: [
        {
          portMapping: { port: 9898, protocol: 'http' },
          timeout: { http: { perRequest: { unit: 'ms', value: 5000 } } },
        },
      ],
      serviceDiscovery: { dns: { hostname: 'podinfo-primary.test.svc.cluster.local.' } },
      backends: [
        { virtualService: { virtualServiceARN: 'arn:aws:x' } },
        { virtualService: { virtualServiceRef: { name: 'other' } } },
      ],
    },
  });
  expect(bench.object().spec).toMatchObject({
    routes: [{ httpRoute: { timeout: { perRequest: { unit: 'ms', value: 5000 } } } }],
  });
});

test('appmesh without the name of a mesh is told so', async () => {
  const bench = appMesh('v1beta1', { meshName: undefined });
  await expect(bench.router.sync(bench.canary, split(0))).rejects.toMatchObject({
    code: 'ROUTER_MESH_NAME_MISSING',
  });
});
