import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { PerchError } from '../api/errors.js';
import { joinDocuments, type ManifestFile, runProgram } from './synthesis.js';

interface SynthFlags {
  readonly output: string;
  readonly verbose?: boolean;
}

/** `perch synth main.ts`: the manifests of a program, for `kubectl apply --server-side -f -`. */
export function synthCommand(): Command {
  return new Command('synth')
    .description('print the manifests that a program declares')
    .argument('<program>', 'a cdk8s program, e.g. main.ts')
    .option('-o, --output <folder>', 'write one file a chart there; - prints one text', '-')
    .option('--verbose', 'show where the program failed')
    .addHelpText(
      'after',
      [
        '',
        'Example, on a cluster that has no CRDs yet (kubectl looks up every kind before it creates the first object):',
        '  perch crds | kubectl apply --server-side -f -',
        '  perch synth main.ts | kubectl apply --server-side -f -',
      ].join('\n'),
    )
    .action(synth);
}

async function synth(program: string, { output, verbose }: SynthFlags): Promise<void> {
  const manifests = await runProgram(program).catch((error: unknown) => {
    if (verbose && error instanceof PerchError && error.cause instanceof Error) {
      process.stderr.write(`${error.cause.stack}\n`);
    }
    throw error;
  });
  if (output === '-') process.stdout.write(joinDocuments(manifests));
  else await writeFiles(output, manifests);
}

async function writeFiles(folder: string, manifests: readonly ManifestFile[]): Promise<void> {
  for (const { name, text } of manifests) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    process.stderr.write(`${file}\n`);
  }
}
