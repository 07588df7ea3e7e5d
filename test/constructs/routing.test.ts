import { Match, Routing, Strategy } from '../../lib/index.js';
import { failure, find, synthesiseApp } from './bench.js';

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

test('an A/B test where requests cannot be chosen is refused', () => {
  const strategy = Strategy.abTest({ match: [Match.header('x-canary', { exact: 'insider' })] });
  const error = failure(() => synthesiseApp({ strategy }, { routing: Routing.traefik() }));
  expect(error.code).toBe('CONSTRUCT_STRATEGY_ROUTING');
  expect(error.message).toContain('got the provider traefik');
});
