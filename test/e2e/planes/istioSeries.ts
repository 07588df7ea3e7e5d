import { ApiObject, JsonPatch } from 'cdk8s';
import type { CanaryPlatform } from 'perch';

/**
 * The kit's gateway of Istio is a plain Envoy: it counts what Istio's own counts, under a name that begins with
 * Envoy's, and with the workload's name and namespace in one label. Prometheus gives them Istio's names.
 */
const relabelling = `    metric_relabel_configs:
      - source_labels: [__name__]
        regex: envoy_(istio_.+)
        target_label: __name__
      - source_labels: [workload]
        regex: ([^;]+);([^;]+);.*
        target_label: destination_workload
        replacement: $1
      - source_labels: [workload]
        regex: ([^;]+);([^;]+);.*
        target_label: destination_workload_namespace
        replacement: $2
`;

export function istioSeries(platform: CanaryPlatform): void {
  const config = platform.prometheus?.node.findChild('config');
  if (!ApiObject.isApiObject(config)) throw new Error('expected a ConfigMap of the platform’s Prometheus');
  const { data } = config.toJson() as { data: Record<string, string> };
  const text = `${data['prometheus.yml']}${relabelling}`;
  config.addJsonPatch(JsonPatch.replace('/data/prometheus.yml', text));
}
