import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { usageOf } from '../../bench/controller.js';

/** Seconds of CPU by who took them; `others` is the rest of the machine, `idle` what nobody wanted. */
export type Shares = Readonly<Record<string, number>>;

/** Begins to count; the answer counts what was taken since, by these processes and by all else. */
export function watchMachine(pids: Readonly<Record<string, number>>): () => Shares {
  const began = performance.now();
  const take = () => Object.values(pids).map((pid) => usageOf(pid).cpuSeconds);
  const [before, idle] = [take(), idleSeconds()];
  return () => {
    const seconds = ((performance.now() - began) / 1000) * availableParallelism();
    const shares = take().map((after, index) => after - before[index]!);
    const unused = idleSeconds() - idle;
    const known = shares.reduce((sum, share) => sum + share, unused);
    return {
      ...Object.fromEntries(Object.keys(pids).map((name, index) => [name, shares[index]!])),
      others: Math.max(0, seconds - known),
      idle: unused,
    };
  };
}

/** Of all cores since the machine started; 0 where /proc does not say. */
function idleSeconds(): number {
  try {
    const [, , , , idle = 0, waiting = 0] = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]!
      .split(/\s+/)
      .map(Number);
    return (idle + waiting) / 100;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return 0;
  }
}

/** `60.1 s API server, 13.0 perch, …`, the most first. */
export function sharesInWords(shares: Shares): string {
  return Object.entries(shares)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, seconds]) => `${seconds.toFixed(0)} s ${name}`)
    .join(', ');
}
