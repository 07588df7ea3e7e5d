import { Duration } from 'cdk8s';
import { type GatewayImplementation, Metric, Routing } from '../../lib/index.js';
import { queries } from '../../lib/metrics/queries.js';
import { faultsOf } from '../metrics/promql.js';
import { model } from '../metrics/queryModel.js';
import { find, synthesiseApp } from './bench.js';

const metrics = [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })];

function synthesised(implementation: GatewayImplementation | undefined, judgedBy = metrics) {
  const gateway = { name: 'public', namespace: 'gateways' };
  const objects = synthesiseApp(
    { metrics: judgedBy },
    { routing: Routing.gatewayApi({ gateway, implementation }) },
  );
  const { spec } = find(objects, 'Canary', 'web');
  const rendered = (name: string, more: object = {}) =>
    queries.render(find(objects, 'MetricTemplate', `web-${name}`).spec.query, { ...model, ...more });
  return { spec, rendered };
}

const counting: [GatewayImplementation, string][] = [
  ['contour', 'envoy_cluster_name=~"test_podinfo-svc-canary_'],
  ['cilium', 'envoy_cluster_name=~"[^/]+/cilium-gateway-[^/]+/test[:_]podinfo-svc-canary[:_]'],
  ['traefik', 'service=~"(.+-)?test-podinfo-svc-canary-[0-9a-zA-Z-]+@kubernetesgateway"'],
  ['istio', 'destination_service_namespace="test", destination_service_name="podinfo-svc-canary"'],
  ['linkerd', 'deployment="podinfo-deploy", direction="inbound"'],
];

describe.each(counting)('a Gateway of %s', (implementation, selector) => {
  test('answers for success rate and a 99th percentile by its own series, with the same provider', () => {
    const { spec, rendered } = synthesised(implementation);
    expect(spec.provider).toBe('gatewayapi:v1');
    expect(spec.analysis.metrics).toMatchObject([
      { name: 'success-rate', thresholdRange: { min: 99 }, templateRef: { name: 'web-success-rate' } },
      { name: 'duration', thresholdRange: { max: 500 }, templateRef: { name: 'web-duration' } },
    ]);
    expect(rendered('success-rate').split(selector)).toHaveLength(4);
    expect(rendered('duration')).toContain(selector);
    expect(rendered('duration')).toContain('histogram_quantile(0.99');
  });

  test.each(['success-rate', 'duration'])('its query for the %s is PromQL', (name) => {
    expect(faultsOf(synthesised(implementation).rendered(name))).toEqual([]);
  });
});

test.each(counting)(
  'the success rate of a Gateway of %s can be compared with the primary’s',
  (name, selector) => {
    const { spec, rendered } = synthesised(name, [Metric.successRate({ min: 95, comparison: {} })]);
    expect(spec.analysis.metrics).toMatchObject([
      {
        name: 'success-rate',
        thresholdRange: { min: 95 },
        templateRef: { name: 'web-success-rate' },
        comparison: {
          requests: { name: 'web-success-rate-requests' },
          bad: { name: 'web-success-rate-bad' },
        },
      },
    ]);
    // as the controller asks, for the one and for the other
    const canary = { variables: { version: 'canary' } };
    const primary = { target: `${model.target}-primary`, variables: { version: 'primary' } };
    for (const what of ['success-rate-requests', 'success-rate-bad']) {
      expect(rendered(what, canary)).toContain(selector);
      expect(rendered(what, primary)).not.toContain(selector);
      expect([canary, primary].flatMap((version) => faultsOf(rendered(what, version)))).toEqual([]);
    }
    expect(rendered('success-rate-bad', primary)).toMatch(/=~"5\.|="failure"/);
  },
);

test.each<[GatewayImplementation, Metric, string]>([
  ['traefik-ingress-nginx', Metric.successRate({ comparison: {} }), 'Metric.compared'],
  ['traefik', Metric.duration({ comparison: {} }), 'whose buckets are known'],
])('what cannot be counted is refused, with why: %s', (name, metric, words) => {
  const refusal = () => synthesised(name, [metric]);
  expect(refusal).toThrow(expect.objectContaining({ code: 'CONSTRUCT_COMPARISON' }));
  expect(thrownBy(refusal)).toContain(words);
});

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

test.each([undefined, 'envoy-gateway', 'nginx-gateway-fabric'] as const)(
  'for a Gateway of %s, which counts no version for itself, the pods answer',
  (implementation) => {
    expect(synthesised(implementation).spec.analysis.metrics).toMatchObject([
      { name: 'request-success-rate' },
      { name: 'request-duration' },
    ]);
  },
);

test('Traefik’s names for Ingresses of ingress-nginx are found, whatever the Ingress is called', () => {
  const pattern = /service=~"([^"]+)"/.exec(synthesised('traefik-ingress-nginx').rendered('duration'))![1]!;
  const matches = (service: string) => new RegExp(`^(?:${pattern})$`).test(service);
  expect(matches('test-podinfo-ing-podinfo-svc-80-canary@kubernetesingressnginx')).toBe(true);
  expect(matches('test-podinfo-ing-podinfo-svc-http-canary@kubernetesingressnginx')).toBe(true);
  expect(matches('test-podinfo-ing-podinfo-svc-80@kubernetesingressnginx')).toBe(false);
  expect(matches('test-podinfo-svc-other-80-canary@kubernetesingressnginx')).toBe(false);
});

test('newer and older names of Traefik’s services are both found, and those of other releases not', () => {
  const pattern = /service=~"([^"]+)"/.exec(synthesised('traefik').rendered('duration'))![1]!;
  const matches = (service: string) => new RegExp(`^(?:${pattern})$`).test(service);
  expect(matches('test-podinfo-svc-canary-80@kubernetesgateway')).toBe(true);
  expect(matches('test-podinfo-svc-canary-http-80@kubernetesgateway')).toBe(true);
  expect(
    matches('httproute-test-podinfo-svc-gw-a-b-ep-web-0-svc-test-podinfo-svc-canary-80@kubernetesgateway'),
  ).toBe(true);
  expect(matches('test-podinfo-svc-primary-80@kubernetesgateway')).toBe(false);
});
