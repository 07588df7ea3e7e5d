import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Ended {
  readonly out: string;
  readonly error: string;
  readonly code: number;
}

/** perch as users start it, in a file of the folder; it runs there, with the words of a command line. */
export function bundlePerch(folder: string, environment: Readonly<Record<string, string>> = {}) {
  const file = join(folder, 'perch.js');
  execFileSync(process.execPath, ['scripts/bundle.mjs', file], { cwd: join(__dirname, '../..') });
  return async (argv: readonly string[], input = ''): Promise<Ended> => {
    const child = spawn(process.execPath, [file, ...argv], {
      cwd: folder,
      env: { ...process.env, ...environment, NO_COLOR: '1' },
    });
    child.stdin.end(input);
    const [out, error, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { out, error, code };
  };
}
