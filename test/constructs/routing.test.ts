import {
  CanaryPlatform,
  CanaryRelease,
  type CanaryReleaseProps,
  Match,
  Routing,
  Strategy,
} from '../../lib/index.js';
import { createChart, failure, find, synthesise, synthesiseApp } from './bench.js';

const routings: [string, Routing, object][] = [
  [
    'gatewayapi:v1',
    Routing.gatewayApi({ gateway: { name: 'public', namespace: 'gateways' } }),
    { gatewayRefs: [{ name: 'public', namespace: 'gateways' }], hosts: ['web.example.com'] },
  ],
  [
    'istio',
    Routing.istio({ gateways: ['istio-system/public'] }),
    { gateways: ['istio-system/public'], hosts: ['web.example.com'] },
  ],
  [
    'gatewayapi:v1',
    Routing.linkerd(),
    { gatewayRefs: [{ group: 'core', kind: 'Service', name: 'web', port: 80 }] },
  ],
  ['traefik', Routing.traefik(), {}],
  ['contour', Routing.contour(), {}],
  ['skipper', Routing.skipper(), {}],
  ['gloo', Routing.gloo(), {}],
  ['apisix', Routing.apisix({ route: 'shop' }), {}],
  [
    'gatewayapi:v1beta1',
    Routing.gatewayApi({ gateway: { name: 'public' }, version: 'v1beta1' }),
    { gatewayRefs: [{ name: 'public' }], hosts: ['web.example.com'] },
  ],
  [
    'gatewayapi:v1',
    Routing.gatewayApi({ gateway: { name: 'public' }, kind: 'GRPCRoute' }),
    { gatewayRefs: [{ name: 'public' }], routeKind: 'GRPCRoute', hosts: ['web.example.com'] },
  ],
  ['istio', Routing.istio({ delegation: true }), { delegation: true }],
  ['linkerd', Routing.linkerd({ smi: true }), {}],
  ['smi:v1alpha2', Routing.smi(), {}],
  ['smi:v1alpha1', Routing.smi({ version: 'v1alpha1' }), {}],
  ['smi:v1alpha3', Routing.smi({ version: 'v1alpha3', mesh: 'linkerd' }), {}],
  ['kuma', Routing.kuma(), {}],
  ['osm', Routing.osm(), {}],
  [
    'appmesh:v1beta2',
    Routing.appMesh({ meshName: 'global' }),
    { meshName: 'global', hosts: ['web.example.com'] },
  ],
  [
    'appmesh',
    Routing.appMesh({ meshName: 'global', version: 'v1beta1' }),
    { meshName: 'global', hosts: ['web.example.com'] },
  ],
];

test.each(routings)('%s: one line changes, the policy stays', (provider, routing, service) => {
  const usual = find(synthesiseApp(), 'Canary', 'web').spec;
  const { spec } = find(synthesiseApp({}, { routing }), 'Canary', 'web');
  expect(spec.provider).toBe(provider);
  expect(spec.service).toEqual({ ...usual.service, ...service });
  expect(spec.analysis.stepWeight).toBe(usual.analysis.stepWeight);
  expect(spec.analysis.metrics).toEqual(usual.analysis.metrics);
});

test('the controller gets the rights for the objects of its routing, and of further ones', () => {
  const rules = (platform: Parameters<typeof synthesiseApp>[1]) =>
    find(synthesiseApp({}, platform), 'ClusterRole', 'perch-system-perch-controller').rules.map(
      ({ resources }: { resources: string[] }) => resources.join(),
    );
  expect(rules({})).not.toContain('httproutes,grpcroutes');
  const routing = Routing.gatewayApi({ gateway: { name: 'public' } });
  expect(rules({ routing })).toContain('httproutes,grpcroutes');
  expect(rules({ furtherRoutings: [routing, Routing.traefik()] })).toEqual(
    expect.arrayContaining(['httproutes,grpcroutes', 'traefikservices']),
  );
});

describe('a routing of an application’s own', () => {
  const istio = Routing.istio({ gateways: ['istio-system/public'] });

  test('is refused where the platform’s controller has no rights for its objects', () => {
    const error = failure(() => synthesiseApp({ routing: istio }));
    expect(error).toMatchObject({ code: 'CONSTRUCT_ROUTING_RIGHTS', path: 'chart/web/release' });
    expect(error.message).toContain('expected one of the platform’s (nginx), got istio');
    expect(error.remedy).toContain('furtherRoutings');
  });

  test.each<[string, Routing, Parameters<typeof synthesiseApp>[1]]>([
    ['that the platform lists', istio, { furtherRoutings: [istio] }],
    ['of the platform’s kind, with other options', istio, { routing: Routing.istio() }],
    ['whose objects are the same', Routing.osm(), { routing: Routing.smi() }],
    ['that takes no more rights', Routing.ingressNginx({ install: false }), { routing: Routing.skipper() }],
    ['that takes none', Routing.kubernetes(), {}],
  ])('%s is taken', (_what, routing, platform) => {
    expect(find(synthesiseApp({ routing }, platform), 'Canary', 'web').spec.provider).toBe(routing.provider);
  });
});

test('load tests go to the router’s address with the host’s name, and without one to the new version', () => {
  const load = (address?: string) => {
    const routing = Routing.gatewayApi({ gateway: { name: 'public' }, ...(address && { address }) });
    return find(synthesiseApp({}, { routing }), 'Canary', 'web').spec.analysis.webhooks[0].metadata;
  };
  expect(load('http://envoy.projectcontour/')).toMatchObject({
    host: 'web.example.com',
    url: 'http://envoy.projectcontour/',
  });
  expect(load()).toMatchObject({ url: 'http://web-canary.shop/' });
  expect(load()).not.toHaveProperty('host');
});

test('a route of the user’s is named, and only that', () => {
  const routing = Routing.gatewayRoute({ name: 'shop' });
  const { spec } = find(synthesiseApp({}, { routing }), 'Canary', 'web');
  expect(spec.routeRef).toEqual({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    name: 'shop',
  });
  expect(spec.service).not.toHaveProperty('gatewayRefs');
});

test('Traefik and Contour get what leads from the host to the generated object', () => {
  const traefik = synthesiseApp({}, { routing: Routing.traefik({ entryPoints: ['websecure'] }) });
  expect(find(traefik, 'IngressRoute', 'web').spec).toEqual({
    entryPoints: ['websecure'],
    routes: [
      { kind: 'Rule', match: 'Host(`web.example.com`)', services: [{ kind: 'TraefikService', name: 'web' }] },
    ],
  });
  const contour = synthesiseApp({}, { routing: Routing.contour() });
  expect(find(contour, 'HTTPProxy', 'web-root').spec).toEqual({
    virtualhost: { fqdn: 'web.example.com' },
    includes: [{ name: 'web', namespace: 'shop' }],
  });
});

test('meshes get their mark on the namespaces that are declared, and their own metrics', () => {
  const istio = synthesiseApp({}, { routing: Routing.istio() });
  expect(find(istio, 'Namespace', 'shop').metadata.labels).toEqual({ 'istio-injection': 'enabled' });
  const linkerd = synthesiseApp({}, { routing: Routing.linkerd() });
  expect(find(linkerd, 'Namespace', 'shop').metadata).toMatchObject({
    annotations: { 'linkerd.io/inject': 'enabled' },
  });
  const { spec } = find(linkerd, 'Deployment', 'perch-controller');
  expect(spec.template.spec.containers[0].args).toContain('-mesh-provider=linkerd');
});

test('an Ingress in front of Linkerd leaves the choice of the version to it', () => {
  const routing = Routing.linkerd({ ingress: { className: 'public' } });
  const manifests = synthesiseApp({ servicePort: 9898 }, { routing });
  const { metadata, spec } = find(manifests, 'Ingress', 'web');
  expect(spec.ingressClassName).toBe('public');
  expect(metadata).toMatchObject({
    annotations: {
      'nginx.ingress.kubernetes.io/service-upstream': 'true',
      'nginx.ingress.kubernetes.io/configuration-snippet': [
        'proxy_set_header l5d-dst-override $service_name.$namespace.svc.cluster.local:9898;',
        'proxy_hide_header l5d-remote-ip;',
        'proxy_hide_header l5d-server-id;',
        '',
      ].join('\n'),
    },
  });
  expect(find(manifests, 'Canary', 'web').spec).not.toHaveProperty('ingressRef');
  const plain = Routing.linkerd({ ingress: { dstOverride: false } });
  expect(find(synthesiseApp({}, { routing: plain }), 'Ingress', 'web').metadata).toMatchObject({
    annotations: { 'nginx.ingress.kubernetes.io/service-upstream': 'true' },
  });
  const hostless = synthesiseApp({ host: undefined }, { routing: plain });
  expect(hostless.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
});

test('Traefik in the place of ingress-nginx: the same Ingress and Canary, judged by Traefik’s series', () => {
  const routing = Routing.traefikIngressNginx({ className: 'traefik' });
  const manifests = synthesiseApp({}, { routing });
  expect(find(manifests, 'Ingress', 'web').spec.ingressClassName).toBe('traefik');
  const { spec } = find(manifests, 'Canary', 'web');
  expect(spec).toMatchObject({ provider: 'nginx', ingressRef: { kind: 'Ingress', name: 'web' } });
  expect(find(manifests, 'MetricTemplate', 'web-success-rate').spec.query).toContain(
    'service=~"{{ namespace }}-{{ ingress }}-{{ service }}-[0-9a-zA-Z-]+-canary@kubernetesingressnginx"',
  );
});

test('several Ingresses lead to one application, behind ingress-nginx alone', () => {
  const furtherIngresses = ['web-internal', 'web-legacy'];
  const { spec } = find(synthesiseApp({ furtherIngresses }), 'Canary', 'web');
  expect(spec.ingressRefs.map(({ name }: { name: string }) => name)).toEqual(furtherIngresses);
  const error = failure(() => synthesiseApp({ furtherIngresses }, { routing: Routing.istio() }));
  expect(error.code).toBe('CONSTRUCT_INGRESSES');
});

describe('Routing.knative', () => {
  const release = (props: Partial<CanaryReleaseProps>, routing = Routing.knative()) => {
    const chart = createChart({ namespace: 'shop' });
    const platform = new CanaryPlatform(chart, 'platform', { routing });
    new CanaryRelease(chart, 'web', { platform, ...props });
    return synthesise(chart);
  };

  test('releases a Knative Service, which has neither Services nor an autoscaler of perch’s', () => {
    const { spec } = find(release({ knativeService: 'web' }), 'Canary', 'web');
    expect(spec).toMatchObject({
      provider: 'knative',
      targetRef: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'web' },
    });
    expect(spec).not.toHaveProperty('service');
    expect(spec.analysis.webhooks[0].metadata.url).toBe('http://web.shop/');
  });

  test.each([
    ['a Deployment', { deployment: 'web', port: 80 }, Routing.knative()],
    ['a Knative Service behind another routing', { knativeService: 'web' }, Routing.istio()],
    ['nothing', {}, Routing.knative()],
    ['both', { deployment: 'web', knativeService: 'web' }, Routing.knative()],
  ])('refuses to release %s', (_, props, routing) => {
    expect(failure(() => release(props, routing)).code).toBe('CONSTRUCT_TARGET');
  });
});

test('what a routing needs and nobody installs is said', () => {
  const platform = (routing: Routing) => new CanaryPlatform(createChart(), 'platform', { routing });
  expect(platform(Routing.ingressNginx()).expectations).toEqual([]);
  expect(platform(Routing.kubernetes()).expectations).toEqual([]);
  expect(platform(Routing.istio({ gateways: ['edge/public'] })).expectations).toContain(
    'the Istio Gateway edge/public',
  );
  for (const [, routing] of routings) expect(routing.expects).not.toEqual([]);
});

test('an A/B test by what the router does not look at is refused', () => {
  const match = [
    Match.all(Match.header('x-canary', { exact: 'a' }), Match.queryParameter('v', { exact: '2' })),
  ];
  const strategy = Strategy.abTest({ match });
  const error = failure(() => synthesiseApp({ strategy }));
  expect(error.code).toBe('CONSTRUCT_MATCH_ROUTING');
  expect(error.message).toContain('expected match 0 to go by headers');
  expect(error.message).toContain('got queryParams');
  const gateway = Routing.gatewayApi({ gateway: { name: 'public' } });
  expect(
    find(synthesiseApp({ strategy }, { routing: gateway }), 'Canary', 'web').spec.analysis.match,
  ).toEqual([{ headers: { 'x-canary': { exact: 'a' } }, queryParams: { v: { exact: '2' } } }]);
});

test.each([
  ['mirroring', Strategy.blueGreen({ mirror: true }), Routing.ingressNginx()],
  ['session affinity', Strategy.canary({ sessionAffinity: { cookieName: 'v' } }), Routing.contour()],
  [
    'mirroring by a route of one’s own',
    Strategy.canary({ mirror: true }),
    Routing.gatewayRoute({ name: 'shop' }),
  ],
  [
    'cookies in a GRPCRoute',
    Strategy.canary({ sessionAffinity: { cookieName: 'v' } }),
    Routing.gatewayApi({ gateway: { name: 'public' }, kind: 'GRPCRoute' }),
  ],
])('%s is refused where the router cannot', (_, strategy, routing) => {
  expect(failure(() => synthesiseApp({ strategy }, { routing })).code).toBe('CONSTRUCT_STRATEGY_ROUTING');
});

test('an A/B test where requests cannot be chosen is refused', () => {
  const strategy = Strategy.abTest({ match: [Match.header('x-canary', { exact: 'insider' })] });
  const error = failure(() => synthesiseApp({ strategy }, { routing: Routing.traefik() }));
  expect(error.code).toBe('CONSTRUCT_STRATEGY_ROUTING');
  expect(error.message).toContain('got the provider traefik');
});
