import { spawn } from 'node:child_process';
import type { Clock } from '../ports/clock.js';
import { createOutput } from './output.js';

/** The most that is kept of what a command prints. */
const OUTPUT_LIMIT_BYTES = 512 * 1024;

export interface Command {
  readonly shell: 'sh' | 'bash';
  /** A script for the shell's `-c`. */
  readonly script: string;
  /** Milliseconds after which the command and everything it started is killed. */
  readonly timeoutMs: number;
  /** Kills it likewise. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly outcome: 'success' | 'failure' | 'timeout';
  /** Standard output and standard error, as they came. */
  readonly output: string;
  /** Why it did not succeed, in the words Flagger's users know: `exit status 1`. Empty on success. */
  readonly error: string;
}

/** Runs a command in a process group of its own; never rejects. */
export async function runCommand(command: Command, clock: Clock): Promise<CommandResult> {
  try {
    return await spawnAndWait(command, clock);
  } catch (error) {
    // not started at all: a script too long for the system, or with a NUL in it
    return { outcome: 'failure', output: '', error: error instanceof Error ? error.message : String(error) };
  }
}

function spawnAndWait(command: Command, clock: Clock): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const output = createOutput(OUTPUT_LIMIT_BYTES);
    const child = spawn(command.shell, ['-c', command.script], {
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
    const timer = clock.timer(command.timeoutMs, () => kill('timeout'));
    if (command.signal.aborted) stop();
    command.signal.addEventListener('abort', stop);

    const forget = () => {
      timer.cancel();
      command.signal.removeEventListener('abort', stop);
    };
    child.stdout.on('data', (chunk: Buffer) => output.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.add(chunk));
    child.on('error', (error) => {
      forget();
      reject(error);
    });
    child.on('close', (code, killedBy) => {
      forget();
      const success = code === 0 && killedFor === undefined;
      const outcome = success ? 'success' : killedFor === 'timeout' ? 'timeout' : 'failure';
      const error = success ? '' : describe(code, killedBy, killedFor, command);
      resolve({ outcome, output: output.text(), error });
    });
  });
}

function describe(
  code: number | null,
  killedBy: string | null,
  killedFor: 'timeout' | 'shutdown' | undefined,
  command: Command,
): string {
  if (killedFor === 'timeout') return `signal: killed (after its timeout of ${command.timeoutMs / 1000}s)`;
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
