import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface TaskMetrics {
  /** How tasks ended: success, failure, timeout; or were skipped because the same was running. */
  readonly finished: Counter<'type' | 'outcome'>;
  readonly running: Gauge;
  /** Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Every load tester counts for itself, so that two of them in one process do not mix. */
export function createTaskMetrics(): TaskMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    finished: new Counter({
      name: 'perch_loadtester_tasks_total',
      help: 'Tasks by type and outcome (success, failure, timeout, skipped).',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    running: new Gauge({ name: 'perch_loadtester_tasks_running', help: 'Tasks running now.', registers }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
