// The command line as one file and a few that are seldom loaded, beside it: `node scripts/bundle.mjs dist/perch.js`. The
// image is built with these alone. A second argument names a file that takes down what went in, which is what the
// image's SBOM lists.
import { chmodSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { build } from 'esbuild';

/** Half of the program, which a controller in its pod seldom or never needs: not every start shall read and keep it. */
const apart = {
  '@aws-sdk/client-cloudwatch': 'perch-cloudwatch',
  '@kubernetes/client-node/dist/config.js': 'perch-kubeconfig',
  'google-auth-library': 'perch-google',
};

const leaveApart = {
  name: 'apart',
  setup({ onResolve }) {
    for (const [specifier, file] of Object.entries(apart)) {
      const filter = new RegExp(`^${specifier.replaceAll('.', '\\.')}$`);
      onResolve({ filter }, ({ kind }) =>
        kind === 'entry-point' ? undefined : { path: `./${file}.js`, external: true },
      );
    }
  },
};

/** Builds programs of this checkout, each entry a file in `outdir`. */
export function buildPrograms({ entries, outdir, ...options }) {
  const others = Object.fromEntries(Object.entries(apart).map(([specifier, file]) => [file, specifier]));
  return build({
    entryPoints: { ...entries, ...others },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minifySyntax: true,
    // the user's own, of the program that is synthesised
    external: ['cdk8s', 'cdk8s-plus-27', 'constructs'],
    plugins: [leaveApart],
    logLevel: 'warning',
    ...options,
  });
}

export async function bundle(outfile, listing) {
  const { metafile } = await buildPrograms({
    entries: { [basename(outfile, '.js')]: 'lib/cli/main.ts' },
    outdir: dirname(outfile),
    // of the image: a quarter less to read at every start; names stay, for the sake of stack traces
    minifyWhitespace: listing !== undefined,
    metafile: true,
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
  if (listing) writeFileSync(listing, `${JSON.stringify(Object.keys(metafile.inputs).sort())}\n`);
}

if (import.meta.main) await bundle(process.argv[2] ?? 'dist/perch.js', process.argv[3]);
