import { Counter, collectDefaultMetrics, Registry } from 'prom-client';

/**
 * Metrics of the process, under the names that Prometheus' client libraries share (`process_cpu_seconds_total`,
 * `process_resident_memory_bytes`, …) and `nodejs_…`. Flagger's `go_…` are about a runtime that is not here.
 */
export function createProcessMetrics(lostLines: () => number): () => Promise<string> {
  const registry = new Registry();
  // The event loop is looked at once a second: by default it is a hundred times, which costs an idle controller most.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1000 });
  const lost = new Counter({
    name: 'perch_log_lines_lost_total',
    help: 'Lines of the log that could not be written',
    registers: [registry],
  });
  return () => {
    lost.reset();
    lost.inc(lostLines());
    return registry.metrics();
  };
}
