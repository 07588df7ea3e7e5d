import { spawn } from 'node:child_process';
import { createOutput } from './output.js';
import type { Limits, TaskResult } from './runner.js';

/** The most that is kept of what a command prints. */
const OUTPUT_LIMIT_BYTES = 512 * 1024;

export interface Command {
  /** Looked up in the PATH. */
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Runs a command in a process group of its own; never rejects. Output is standard output and standard error, as they
 * came; the error is in the words Flagger's users know: `exit status 1`.
 */
export async function runCommand(command: Command, limits: Limits): Promise<TaskResult> {
  try {
    return await spawnAndWait(command, limits);
  } catch (error) {
    return { outcome: 'failure', output: '', error: notStarted(command, error) };
  }
}

/** The program is not there, or its arguments are too long for the system or have a NUL in them. */
function notStarted({ program }: Command, error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `${program}: command not found`;
  return error instanceof Error ? error.message : String(error);
}

function spawnAndWait(command: Command, { timeoutMs, signal, clock }: Limits): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const output = createOutput(OUTPUT_LIMIT_BYTES);
    const child = spawn(command.program, command.args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let killedFor: 'timeout' | 'shutdown' | undefined;
    const kill = (why: 'timeout' | 'shutdown') => {
      killedFor ??= why;
      if (child.pid !== undefined) killGroup(child.pid);
      // a descendant that left the group may hold the pipes open for ever
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const stop = () => kill('shutdown');
    const timer = clock.timer(timeoutMs, () => kill('timeout'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);

    const forget = () => {
      timer.cancel();
      signal.removeEventListener('abort', stop);
    };
    child.stdout.on('data', (chunk: Buffer) => output.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.add(chunk));
    child.on('error', (error) => {
      forget();
      reject(error);
    });
    child.on('close', (code, killedBy) => {
      forget();
      // what it left running has no timeout any more
      if (child.pid !== undefined) killGroup(child.pid);
      const success = code === 0 && killedFor === undefined;
      const outcome = success ? 'success' : killedFor === 'timeout' ? 'timeout' : 'failure';
      const error = success ? '' : describe(code, killedBy, killedFor, timeoutMs);
      resolve({ outcome, output: output.text(), error });
    });
  });
}

function describe(
  code: number | null,
  killedBy: string | null,
  killedFor: 'timeout' | 'shutdown' | undefined,
  timeoutMs: number,
): string {
  if (killedFor === 'timeout') return `signal: killed (after its timeout of ${timeoutMs / 1000}s)`;
  if (killedFor === 'shutdown') return 'signal: killed (the load tester is shutting down)';
  return killedBy === null ? `exit status ${code}` : `signal: ${killedBy}`;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // every member has ended by itself already
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
