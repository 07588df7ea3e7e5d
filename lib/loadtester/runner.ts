import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { TaskMetrics } from './metrics.js';

/** What a task must keep to. */
export interface Limits {
  /** Milliseconds after which it is ended. */
  readonly timeoutMs: number;
  /** Ends it likewise. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export interface TaskResult {
  readonly outcome: 'success' | 'failure' | 'timeout';
  /** What it printed. */
  readonly output: string;
  /** Why it did not succeed; empty on success. */
  readonly error: string;
}

export interface Task {
  /** `metadata.type`, for the metrics. */
  readonly type: string;
  /** `name.namespace`. */
  readonly canary: string;
  /** What it does, in one line; tells it from the canary's other tasks. */
  readonly title: string;
  /** Log the output of a success too. */
  readonly logOutput: boolean;
  /** Never rejects. */
  readonly perform: (limits: Limits) => Promise<TaskResult>;
}

/** Runs tasks, so many at once and each under the same timeout. */
export interface Runner {
  /** Starts a task and returns; skips it while the canary has the same running. False when too many run. */
  start(task: Task): boolean;
  /** Resolves with the task's result; undefined when too many run. */
  run(task: Task): Promise<TaskResult> | undefined;
  /** Ends what was started and not waited for. */
  killStarted(): void;
  /** Ends everything; later tasks fail at once. Resolves when nothing runs. */
  close(): Promise<void>;
}

export interface RunnerLimits {
  readonly timeoutMs: number;
  /** Tasks at the same time. */
  readonly concurrency: number;
}

export function createRunner(
  { timeoutMs, concurrency }: RunnerLimits,
  { log, clock, metrics }: { log: Log; clock: Clock; metrics: TaskMetrics },
): Runner {
  const started = new Set<string>();
  const running = new Set<Promise<TaskResult>>();
  const background = new AbortController();
  const everything = new AbortController();

  async function perform(task: Task, signal: AbortSignal): Promise<TaskResult> {
    metrics.running.inc();
    const result = await task.perform({ timeoutMs, signal, clock });
    metrics.running.dec();
    metrics.finished.inc({ type: task.type, outcome: result.outcome });
    report(log, task, result);
    return result;
  }
  function track(task: Task, signal: AbortSignal): Promise<TaskResult> | undefined {
    if (running.size >= concurrency) {
      metrics.finished.inc({ type: task.type, outcome: 'refused' });
      log.log('warn', `command refused ${task.title}: ${running.size} are running`, { canary: task.canary });
      return undefined;
    }
    const result = perform(task, signal);
    running.add(result);
    void result.then(() => running.delete(result));
    return result;
  }
  return {
    start(task) {
      // not a hash: the canary's name holds no blank
      const key = `${task.canary} ${task.title}`;
      if (started.has(key)) {
        metrics.finished.inc({ type: task.type, outcome: 'skipped' });
        log.log('info', `command skipped ${task.title} is already running`, { canary: task.canary });
        return true;
      }
      const result = track(task, background.signal);
      if (!result) return false;
      started.add(key);
      void result.then(() => started.delete(key));
      return true;
    },
    run: (task) => track(task, everything.signal),
    killStarted: () => background.abort(),
    async close() {
      background.abort();
      everything.abort();
      await Promise.all(running);
    },
  };
}

function report(log: Log, task: Task, result: TaskResult): void {
  const fields = { canary: task.canary };
  if (result.outcome !== 'success') {
    log.log('error', `command failed ${task.title}: ${result.error}: ${result.output}`, fields);
    return;
  }
  log.log(
    'info',
    `command finished ${task.title}`,
    task.logOutput ? { ...fields, output: result.output } : fields,
  );
}
