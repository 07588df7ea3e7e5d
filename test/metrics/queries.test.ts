import { builtinQueries, type Observer } from '../../lib/metrics/builtin.js';
import { observerOf } from '../../lib/metrics/observers.js';
import { queries } from '../../lib/metrics/queries.js';
import fc from '../property.js';
import { faultsOf, parser } from './promql.js';
import { model } from './queryModel.js';

const metrics = ['request-success-rate', 'request-duration'] as const;
const all = Object.keys(builtinQueries).flatMap((observer) =>
  metrics.map((metric) => [observer, metric] as const),
);

test.each(all)('the built-in query of %s for %s renders to PromQL that parses', (observer, metric) => {
  const query = queries.render(builtinQueries[observer as Observer][metric], model);
  expect(query).not.toContain('{{');
  expect(faultsOf(query)).toEqual([]);
});

test('whatever a canary names, a built-in query parses, and has the same shape', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"} or vector(100) #', '\\', '\n', "'`{"),
  );
  const shapeOf = (query: string) => {
    const nodes: string[] = [];
    parser.parse(query).iterate({ enter: ({ type }) => void nodes.push(type.name) });
    return nodes.join(' ');
  };
  fc.assert(
    fc.property(fc.constantFrom(...all), hostile, hostile, ([observer, metric], one, other) => {
      const query = builtinQueries[observer as Observer][metric];
      const named = { ...model, target: one, service: other, ingress: one, route: other, name: one };
      expect(shapeOf(queries.render(query, named))).toBe(shapeOf(queries.render(query, model)));
    }),
  );
});

test('ingress-nginx is asked for the canary’s requests of the Ingress', () => {
  const { query, observer, unit } = queries.builtin('nginx', 'request-success-rate');
  expect({ observer, unit }).toEqual({ observer: 'nginx', unit: 'ms' });
  expect(queries.render(query, model).replace(/\s+/g, ' ')).toBe(
    ' (sum( rate( nginx_ingress_controller_requests{ namespace="test", ingress="podinfo-ing", canary!="", status!~"5.*" }[1m] ) ) or sum( rate( nginx_ingress_controller_requests{ namespace="test", ingress="podinfo-ing", canary!="" }[1m] ) ) * 0) / sum( rate( nginx_ingress_controller_requests{ namespace="test", ingress="podinfo-ing", canary!="" }[1m] ) ) * 100',
  );
});

test.each(Object.keys(builtinQueries))('no good request is a success rate of 0 for %s', (observer) => {
  const query = builtinQueries[observer as Observer]['request-success-rate'];
  expect(query).toMatch(/^(\{\{- [\s\S]*\}\})?\s*\(sum[\s\S]* or (sum[\s\S]*) \* 0\) \/ \2 \* 100$/);
});

test('skipper’s routes are named with every other character replaced', () => {
  const { query } = queries.builtin('skipper', 'request-duration');
  expect(queries.render(query, { ...model, namespace: 'my-ns' })).toContain(
    'route=~"kube(ew)?_my_ns__podinfo_ing_canary__.*__podinfo_svc_canary(_[0-9]+)?"',
  );
});

test('only the applications’ own series are in seconds', () => {
  expect(queries.builtin('kubernetes', 'request-duration').unit).toBe('s');
  expect(queries.builtin('istio', 'request-duration').unit).toBe('ms');
});

test.each([
  ['appmesh', 'appmesh'],
  ['appmesh:v1beta2', 'appmesh'],
  ['appmesh:v1beta2:service', 'appmesh'],
  ['linkerd', 'linkerd'],
  ['istio', 'istio'],
  ['smi:v1alpha1:linkerd', 'istio'],
  ['osm', 'osm'],
  ['contour', 'contour'],
  ['knative', 'knative'],
  ['nginx', 'nginx'],
  ['nginx:service', 'istio'],
  ['skipper', 'skipper'],
  ['traefik', 'traefik'],
  ['apisix', 'apisix'],
  ['kuma', 'kuma'],
  ['gloo', 'gloo'],
  ['gloo:v1', 'gloo'],
  ['gatewayapi:v1', 'http'],
  ['gatewayapi:v1beta1', 'http'],
  ['kubernetes', 'http'],
  ['anything else', 'istio'],
])('provider %s is answered by the series of %s', (provider, observer) => {
  expect(observerOf(provider)).toBe(observer);
});
