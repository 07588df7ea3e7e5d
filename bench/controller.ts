import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A `perch controller` of its own process. */
export interface Controller {
  readonly pid: number;
  /** Its log so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Resolves when the controller says that it has started. */
export async function startController(apiServer: string, flags: readonly string[] = []): Promise<Controller> {
  const child = spawn(
    process.execPath,
    [
      join(__dirname, 'perch.js'),
      'controller',
      `-master=${apiServer}`,
      '-mesh-provider=nginx',
      '-log-level=info',
      '-port=0',
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH ?? '' } },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-200_000);
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const controller: Controller = {
    pid: child.pid ?? 0,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
  await until(
    () => log.includes('Started operator control loop') || isOver(child),
    60_000,
    () => `no start: ${log}`,
  );
  if (isOver(child)) throw new Error(`the controller ended: ${log}`);
  return controller;
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

export interface Usage {
  readonly rssMiB: number;
  /** The most it ever was, where /proc says so. */
  readonly peakMiB: number;
  readonly cpuSeconds: number;
}

/** From /proc, else from ps. */
export function usageOf(pid: number): Usage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rss = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      rssMiB: rss / 1024,
      peakMiB: peak / 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const [rss = '0', time = '0'] = execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    const cpuSeconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return { rssMiB: Number(rss) / 1024, peakMiB: Number(rss) / 1024, cpuSeconds };
  }
}

/** Looks every 50 ms; rejects after `limitMs`. */
export async function until(holds: () => boolean, limitMs: number, why: () => string): Promise<void> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(why());
    await pause(50);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
