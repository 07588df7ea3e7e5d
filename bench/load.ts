import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { realClock } from '../lib/kube/clock.js';
import { generateLoad } from '../lib/loadtester/load/generator.js';
import { readPlan } from '../lib/loadtester/load/plan.js';
import { createTally } from '../lib/loadtester/load/report.js';

export interface LoadResult {
  readonly asked: number;
  /** Requests a second that perch's load task came to, what it took of one core, and its median in milliseconds. */
  readonly perch: { readonly held: number; readonly cpuPercent: number; readonly p50: number };
  /** Undefined where there is no hey. */
  readonly hey: { readonly held: number } | undefined;
}

const rival = 'hey';
const seconds = 10;
const connections = 10;
const program = `
const server = require('node:http').createServer((request, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

/** One after the other against the same server on loopback, which runs in a process of its own. */
export async function measureLoad(rates: readonly number[] = [50, 500, 2000]): Promise<LoadResult[]> {
  const server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(server.stdout, 'data');
  const url = `http://127.0.0.1:${String(port).trim()}/`;
  const results: LoadResult[] = [];
  try {
    for (const asked of rates)
      results.push({ asked, perch: await byPerch(url, asked), hey: await byHey(url, asked) });
  } finally {
    server.kill();
  }
  return results;
}

async function byPerch(url: string, asked: number): Promise<LoadResult['perch']> {
  const plan = readPlan({ url, rate: `${asked}`, connections: `${connections}`, duration: `${seconds}s` });
  const tally = createTally(plan);
  const before = process.cpuUsage();
  const limits = { timeoutMs: 60_000, signal: new AbortController().signal, clock: realClock };
  const { rate, latencyMs } = tally.report(await generateLoad(plan, limits, tally.take));
  const { user, system } = process.cpuUsage(before);
  return { held: rate.held, cpuPercent: (user + system) / 1e4 / seconds, p50: latencyMs.p50 };
}

async function byHey(url: string, asked: number): Promise<LoadResult['hey']> {
  if (spawnSync(rival, ['-h']).error) return undefined;
  const each = `${asked / connections}`;
  const args = ['-z', `${seconds}s`, '-q', each, '-c', `${connections}`, url];
  const { stdout } = await promisify(execFile)(rival, args);
  return { held: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]) };
}

export function printLoad(results: readonly LoadResult[]): void {
  console.log(`\nLoad on loopback for ${seconds} s by ${connections} connections: requests a second`);
  for (const { asked, perch, hey } of results) {
    const off = (held: number) => `${held.toFixed(1)} (${(100 * (held / asked - 1)).toFixed(2)} %)`;
    const own = `perch ${off(perch.held)}, ${perch.cpuPercent.toFixed(0)} % of a core, median ${perch.p50} ms`;
    console.log(
      `  asked ${String(asked).padStart(5)}   ${own}; ${hey ? `hey ${off(hey.held)}` : 'no hey here'}`,
    );
  }
}
