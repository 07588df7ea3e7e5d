import { type PortableQueries, percentage } from './portableQueries.js';

/** What runs a Gateway; names are those that the projects give themselves. */
export type GatewayImplementation = (typeof gatewayImplementations)[number];

export const gatewayImplementations = [
  'contour',
  'cilium',
  'traefik',
  'traefik-ingress-nginx',
  'istio',
  'linkerd',
  'envoy-gateway',
  'nginx-gateway-fabric',
] as const;

interface Series {
  /** A counter of requests, or a histogram's number of them. */
  readonly requests: string;
  readonly buckets: string;
  /** Labels of the canary's requests. */
  readonly canary: string;
  /** Label that tells those which did not fail. */
  readonly good: string;
  /** Milliseconds in one unit of the buckets. */
  readonly unitMs: number;
}

const envoy = (clusterName: string): Series => ({
  requests: 'envoy_cluster_upstream_rq',
  buckets: 'envoy_cluster_upstream_rq_time_bucket',
  canary: `envoy_cluster_name=~"${clusterName}"`,
  good: 'envoy_response_code!~"5.*"',
  unitMs: 1,
});

const series: Readonly<Partial<Record<GatewayImplementation, Series>>> = {
  contour: envoy('{{ namespace }}_{{ service }}-canary_[0-9a-zA-Z-]+'),
  // the port's separator is another one in older versions
  cilium: envoy('[^/]+/cilium-gateway-[^/]+/{{ namespace }}[:_]{{ service }}-canary[:_][0-9a-zA-Z-]+'),
  // newer versions put the route's name in front
  traefik: {
    requests: 'traefik_service_request_duration_seconds_count',
    buckets: 'traefik_service_request_duration_seconds_bucket',
    canary: 'service=~"(.+-)?{{ namespace }}-{{ service }}-canary-[0-9a-zA-Z-]+@kubernetesgateway"',
    good: 'code!~"5.."',
    unitMs: 1000,
  },
  // its provider for Ingresses of ingress-nginx names the canary after the apex Ingress and the apex Service
  'traefik-ingress-nginx': {
    requests: 'traefik_service_request_duration_seconds_count',
    buckets: 'traefik_service_request_duration_seconds_bucket',
    canary:
      'service=~"{{ namespace }}-{{ ingress }}-{{ service }}-[0-9a-zA-Z-]+-canary@kubernetesingressnginx"',
    good: 'code!~"5.."',
    unitMs: 1000,
  },
  // counted where requests leave, since the pods behind a gateway need no sidecar
  istio: {
    requests: 'istio_requests_total',
    buckets: 'istio_request_duration_milliseconds_bucket',
    canary:
      'reporter="source", destination_service_namespace="{{ namespace }}", destination_service_name="{{ service }}-canary"',
    good: 'response_code!~"5.*"',
    unitMs: 1,
  },
  linkerd: {
    requests: 'response_total',
    buckets: 'response_latency_ms_bucket',
    canary: 'namespace="{{ namespace }}", deployment="{{ target }}", direction="inbound"',
    good: 'classification!="failure"',
    unitMs: 1,
  },
};

/** Templates that count requests in `{{ interval }}`, and those among them that failed. */
export interface CountingQueries {
  readonly requests: string;
  readonly bad: string;
}

/**
 * The requests of canary and primary, by `{{ variables.version }}` or by `{{ target }}`. Undefined where the names of the
 * series differ by more: Traefik names the primary of ingress-nginx's Ingresses after no version.
 */
export function gatewayCounts(
  implementation: GatewayImplementation | undefined,
): CountingQueries | undefined {
  const counted = implementation && series[implementation];
  if (!counted || implementation === 'traefik-ingress-nginx') return undefined;
  const { requests, canary, good } = counted;
  const either = canary.replaceAll('-canary', '-{{ variables.version }}');
  const bad = good.replace('!~', '=~').replace('!=', '=');
  const increase = (more = '') => `sum(increase(${requests}{${either}${more}}[{{ interval }}]))`;
  return { requests: increase(), bad: increase(`, ${bad}`) };
}

/**
 * Success rate and 99th percentile in ms by the series of what runs the Gateway. Undefined for those that do not tell
 * the canary's requests from the primary's: Envoy Gateway counts a rule as a whole (envoyproxy/gateway#6742), NGINX
 * Gateway Fabric all requests together. There the pods' own series answer, as for `gatewayapi:v1` in Flagger.
 */
export function gatewayQueries(
  implementation: GatewayImplementation | undefined,
): PortableQueries | undefined {
  const counted = implementation && series[implementation];
  if (!counted) return undefined;
  const { requests, buckets, canary, good, unitMs } = counted;
  const rate = (metric: string, more = '') => `sum(rate(${metric}{${canary}${more}}[{{ interval }}]))`;
  const scale = unitMs === 1 ? '' : ` * ${unitMs}`;
  const duration = `histogram_quantile(0.99, sum(rate(${buckets}{${canary}}[{{ interval }}])) by (le))${scale}`;
  return {
    duration,
    mean: duration,
    successRate: percentage(rate(requests, `, ${good}`), rate(requests)),
  };
}
