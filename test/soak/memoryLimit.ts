import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../lib/api/errors.js';

/** A control group of the soak's own, with a memory limit such as a kubelet gives a container. */
export interface MemoryLimit {
  /** What to put before a command so that it runs under the limit. */
  readonly enter: readonly string[];
  /** How often the kernel ended a process for going beyond it. */
  kills(): number;
  /** The most that nothing but ending a process could have given back, MiB. */
  usedMiB(): number;
}

interface Version {
  readonly root: string;
  readonly limit: string;
  readonly kills: readonly [file: string, pattern: RegExp];
  readonly used: RegExp;
}

/** Of control groups, where Linux keeps those for memory. */
const versions: readonly Version[] = [
  {
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    kills: ['memory.oom_control', /^oom_kill (\d+)$/m],
    used: /^rss (\d+)$/m,
  },
  {
    root: '/sys/fs/cgroup',
    limit: 'memory.max',
    kills: ['memory.events', /^oom_kill (\d+)$/m],
    used: /^anon (\d+)$/m,
  },
];

/** Throws SOAK_MEMORY where there are no control groups to be had: without Linux, or the rights for them. */
export function limitMemory(mib: number): MemoryLimit {
  const version = versions.find(({ root }) => existsSync(root));
  const folder = join(version?.root ?? '', `perch-soak-${process.pid}`);
  try {
    if (!version) throw new Error('no folder of control groups');
    mkdirSync(folder);
    process.on('exit', () => rmdirSync(folder));
    writeFileSync(join(folder, version.limit), `${mib * 2 ** 20}`);
  } catch (cause) {
    throw new PerchError({
      code: 'SOAK_MEMORY',
      message: `--memory: expected control groups for memory, got ${cause instanceof Error ? cause.message : cause}`,
      remedy: 'run it as root on Linux, or leave --memory out',
      path: '--memory',
      cause,
    });
  }
  const { kills, used } = version;
  const read = (file: string, pattern: RegExp) =>
    Number(pattern.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? Number.NaN);
  const script = `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$0" "$@"`;
  return {
    enter: ['sh', '-c', script],
    kills: () => read(...kills),
    usedMiB: () => read('memory.stat', used) / 2 ** 20,
  };
}
