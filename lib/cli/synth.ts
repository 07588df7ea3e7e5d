import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { readSource, type SourceFlags, withSource } from './source.js';
import { joinDocuments, type ManifestFile } from './synthesis.js';
import { writing } from './unwritable.js';

interface SynthFlags extends SourceFlags {
  readonly output: string;
}

/** `perch synth main.ts`: the manifests of a program, for `kubectl apply --server-side -f -`. */
export function synthCommand(): Command {
  return withSource(new Command('synth').description('print the manifests that a program declares'))
    .option('-o, --output <folder>', 'write one file a chart there; - prints one text', '-')
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

async function synth(program: string | undefined, flags: SynthFlags): Promise<void> {
  const { output } = flags;
  const { files } = await readSource(program, flags);
  if (output === '-') process.stdout.write(joinDocuments(files));
  else await writing(output, '--output', () => writeFiles(output, files));
}

async function writeFiles(folder: string, manifests: readonly ManifestFile[]): Promise<void> {
  for (const { name, text } of manifests) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    process.stderr.write(`${file}\n`);
  }
}
