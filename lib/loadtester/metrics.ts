import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface TaskMetrics {
  /** How tasks ended: success, failure, timeout; or were skipped because the same was running. */
  readonly finished: Counter<'type' | 'outcome'>;
  readonly running: Gauge;
  /** Of tasks of the type load: by status, or class of failure. */
  readonly requests: Counter<'canary' | 'result'>;
  readonly latency: Histogram<'canary'>;
  /** Of the canary's last load. */
  readonly rateHeld: Gauge<'canary'>;
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
      help: 'Tasks by type and outcome (success, failure, timeout, skipped, refused).',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    running: new Gauge({ name: 'perch_loadtester_tasks_running', help: 'Tasks running now.', registers }),
    requests: new Counter({
      name: 'perch_loadtester_requests_total',
      help: 'Requests of load tasks by status, or by class of failure.',
      labelNames: ['canary', 'result'],
      registers,
    }),
    latency: new Histogram({
      name: 'perch_loadtester_request_duration_seconds',
      help: 'From sending a request of a load task to the end of its answer.',
      labelNames: ['canary'],
      registers,
    }),
    rateHeld: new Gauge({
      name: 'perch_loadtester_rate_held',
      help: "Requests a second that the canary's last load task came to.",
      labelNames: ['canary'],
      registers,
    }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
