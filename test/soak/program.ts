import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A process that we started, and that ends with us. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  isOver(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** A message over the channel, where there is one. */
  tell(message: object): void;
  /** Resolves when it has ended, by `signal` if it does not by itself. */
  end(signal?: NodeJS.Signals): Promise<void>;
  readonly ended: Promise<void>;
}

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** File that its output is added to. */
  readonly logFile: string;
  /** Told of each line that it writes to its standard error, in place of `logFile`. */
  readonly hear?: (line: string) => void;
  /** It can be told things. @default false */
  readonly channel?: boolean;
}

const alive = new Set<ChildProcess>();

/** Whatever way this process ends, nothing that it started stays. */
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export function startProgram({ name, command, args, env, logFile, hear, channel }: ProgramOptions): Program {
  const log = openSync(logFile, 'a');
  const child = spawn(command, [...args], {
    stdio: ['ignore', log, hear ? 'pipe' : log, ...(channel ? (['ipc'] as const) : [])],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...env },
  });
  closeSync(log);
  alive.add(child);
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  }).finally(() => alive.delete(child));
  if (hear && child.stderr) hearLines(child.stderr, hear);
  const isOver = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    name,
    pid: child.pid ?? 0,
    isOver,
    signal: (signal) => child.kill(signal),
    tell: (message) => {
      if (child.connected) child.send(message);
    },
    async end(signal = 'SIGKILL') {
      if (!isOver()) child.kill(signal);
      await ended;
    },
    ended,
  };
}

function hearLines(stream: NodeJS.ReadableStream, hear: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}
