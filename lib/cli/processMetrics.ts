import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * Metrics of the process, under the names that Prometheus' client libraries share (`process_cpu_seconds_total`,
 * `process_resident_memory_bytes`, …) and `nodejs_…`. Flagger's `go_…` are about a runtime that is not here.
 */
export function createProcessMetrics(): () => Promise<string> {
  const registry = new Registry();
  // The event loop is looked at once a second: by default it is a hundred times, which costs an idle controller most.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1000 });
  return () => registry.metrics();
}
