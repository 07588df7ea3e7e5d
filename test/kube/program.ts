import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A program of perch's sources as one file: what reads kubeconfigs is ESM only, which jest does not load. */
export function bundle(contents: string, outfile: string): void {
  buildSync({
    stdin: { contents, resolveDir: join(__dirname, '../..'), loader: 'ts' },
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' },
  });
}
