import type { LRParser } from '@lezer/lr';
import { Duration } from 'cdk8s';
import { type GatewayImplementation, Metric, Routing } from '../../lib/index.js';
import { queries } from '../../lib/metrics/queries.js';
import { model } from '../metrics/queryModel.js';
import { find, synthesiseApp } from './bench.js';

// The package's types are those of its ES module alone.
const { parser } = require('@prometheus-io/lezer-promql') as { parser: LRParser };

const metrics = [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.millis(500) })];

function synthesised(implementation: GatewayImplementation | undefined) {
  const gateway = { name: 'public', namespace: 'gateways' };
  const objects = synthesiseApp({ metrics }, { routing: Routing.gatewayApi({ gateway, implementation }) });
  const { spec } = find(objects, 'Canary', 'web');
  const rendered = (name: string) =>
    queries.render(find(objects, 'MetricTemplate', `web-${name}`).spec.query, model);
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
    const query = synthesised(implementation).rendered(name);
    const faults: string[] = [];
    parser.parse(query).iterate({
      enter: (node) => {
        if (node.type.isError) faults.push(query.slice(node.from));
      },
    });
    expect(faults).toEqual([]);
  });
});

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
