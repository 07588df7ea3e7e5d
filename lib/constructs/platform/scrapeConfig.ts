/**
 * Prometheus's configuration: every pod annotated `prometheus.io/scrape: "true"`, by `prometheus.io/port`,
 * `prometheus.io/path` and `prometheus.io/scheme`.
 *
 * `honor_labels` keeps the `namespace` that ingress-nginx exports (the Ingress's, not its own pod's), and the pod's
 * own name and namespace arrive as `kubernetes_pod_name` and `kubernetes_namespace`: the labels that Flagger's
 * built-in queries ask for.
 */
export function scrapeConfig(scrapeIntervalSeconds: number): string {
  return `global:
  scrape_interval: ${scrapeIntervalSeconds}s
scrape_configs:
  - job_name: kubernetes-pods
    honor_labels: true
    kubernetes_sd_configs:
      - role: pod
    relabel_configs:
      - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape]
        action: keep
        regex: "true"
      - source_labels: [__meta_kubernetes_pod_phase]
        action: drop
        regex: Pending|Succeeded|Failed
      - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scheme]
        target_label: __scheme__
        regex: (https?)
      - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_path]
        target_label: __metrics_path__
        regex: (.+)
      - source_labels: [__address__, __meta_kubernetes_pod_annotation_prometheus_io_port]
        target_label: __address__
        regex: (.+?)(?::\\d+)?;(\\d+)
        replacement: $1:$2
      - source_labels: [__meta_kubernetes_namespace]
        target_label: kubernetes_namespace
      - source_labels: [__meta_kubernetes_pod_name]
        target_label: kubernetes_pod_name
`;
}
