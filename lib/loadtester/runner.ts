import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { TaskMetrics } from './metrics.js';
import { type CommandResult, runCommand } from './processes.js';

export interface Task {
  /** `metadata.type`, for the metrics. */
  readonly type: string;
  /** `name.namespace`. */
  readonly canary: string;
  readonly shell: 'sh' | 'bash';
  readonly script: string;
  /** Log the output of a success too. */
  readonly logOutput: boolean;
}

/** Runs tasks, each in its own process group and under the same timeout. */
export interface Runner {
  /** Starts a task and returns; skips it while the canary has the same command running. */
  start(task: Task): void;
  /** Resolves with the task's result. */
  run(task: Task): Promise<CommandResult>;
  /** Kills what was started and not waited for. */
  killStarted(): void;
  /** Kills everything; later tasks fail at once. Resolves when nothing runs. */
  close(): Promise<void>;
}

export function createRunner(
  timeoutMs: number,
  ports: { log: Log; clock: Clock; metrics: TaskMetrics },
): Runner {
  const { log, clock, metrics } = ports;
  const started = new Set<string>();
  const running = new Set<Promise<CommandResult>>();
  const background = new AbortController();
  const everything = new AbortController();

  async function perform(task: Task, signal: AbortSignal): Promise<CommandResult> {
    metrics.running.inc();
    const result = await runCommand({ shell: task.shell, script: task.script, timeoutMs, signal }, clock);
    metrics.running.dec();
    metrics.finished.inc({ type: task.type, outcome: result.outcome });
    report(log, task, result);
    return result;
  }
  function track(task: Task, signal: AbortSignal): Promise<CommandResult> {
    const result = perform(task, signal);
    running.add(result);
    void result.then(() => running.delete(result));
    return result;
  }
  return {
    start(task) {
      // not a hash: the canary's name holds no blank
      const key = `${task.canary} ${task.script}`;
      if (started.has(key)) {
        metrics.finished.inc({ type: task.type, outcome: 'skipped' });
        log.log('info', `command skipped ${task.script} is already running`, { canary: task.canary });
        return;
      }
      started.add(key);
      void track(task, background.signal).then(() => started.delete(key));
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

function report(log: Log, task: Task, result: CommandResult): void {
  const fields = { canary: task.canary };
  if (result.outcome !== 'success') {
    log.log('error', `command failed ${task.script}: ${result.error}: ${result.output}`, fields);
    return;
  }
  log.log(
    'info',
    `command finished ${task.script}`,
    task.logOutput ? { ...fields, output: result.output } : fields,
  );
}
