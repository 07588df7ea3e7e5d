import { queries } from '../../metrics/queries.js';

const histogram = (name: string): string[] => ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`);

/** Names of all series that the virtual Prometheus can have. */
export const knownSeries: readonly string[] = [
  ...histogram('http_request_duration_seconds'),
  'nginx_ingress_controller_build_info',
  'nginx_ingress_controller_requests',
  ...histogram('nginx_ingress_controller_response_duration_seconds'),
  'istio_requests_total',
  ...histogram('istio_request_duration_milliseconds'),
  'envoy_cluster_upstream_rq',
  ...histogram('envoy_cluster_upstream_rq_time'),
];

/** Series that a query, or the template of one, asks for and that nothing in the virtual cluster exposes. */
export function unknownSeries(query: string): string[] {
  return [...new Set(queries.seriesIn(query))].filter((name) => !knownSeries.includes(name));
}
