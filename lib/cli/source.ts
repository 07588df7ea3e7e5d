import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { PerchError } from '../api/errors.js';
import type { Declared } from '../deploy/manifest.js';
import { parseObjects } from './parseObjects.js';
import { existingFile, joinDocuments, runCommand, runProgram, type Synthesis } from './synthesis.js';

export interface SourceFlags {
  /** A cdk8s app command, run by the shell. */
  readonly app?: string;
}

/** Gives a command the argument and the flag that say where its objects come from. */
export function withSource(command: Command): Command {
  return command
    .argument('[program]', 'a cdk8s program, e.g. main.ts; or a file of YAML; - for YAML on standard input')
    .option('--app <command>', 'a cdk8s app command instead, e.g. "python main.py" (default: of cdk8s.yaml)');
}

/** What the named program or file, the app command, cdk8s.yaml's app command or standard input declares. */
export async function readSource(program: string | undefined, { app }: SourceFlags): Promise<Synthesis> {
  if (program === '-') {
    return { files: [{ name: 'stdin.yaml', text: await textOf(process.stdin) }], paths: {} };
  }
  if (program !== undefined && /\.ya?ml$/.test(program)) {
    const text = await readFile(existingFile('a file of YAML', program), 'utf8');
    return { files: [{ name: program, text }], paths: {} };
  }
  if (program !== undefined) return runProgram(program);
  const command = app ?? configuredCommand();
  if (command !== undefined) return runCommand(command);
  throw new PerchError({
    code: 'SYNTH_NO_PROGRAM',
    message: 'expected a program, got none, and there is no cdk8s.yaml that names one',
    remedy: 'name it, e.g. main.ts; or - for YAML on standard input; or an app command with --app',
  });
}

/** As readSource: the objects, each with the path of its construct. */
export async function readDeclared(program: string | undefined, flags: SourceFlags): Promise<Declared[]> {
  const { files, paths } = await readSource(program, flags);
  const objects = parseObjects(
    joinDocuments(files),
    program === '-' ? 'standard input' : (program ?? 'the app'),
  );
  return objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    return { object, path: paths[[apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ')] };
  });
}

function configuredCommand(): string | undefined {
  const file = resolve('cdk8s.yaml');
  if (!existsSync(file)) return undefined;
  const { app } = (parse(readFileSync(file, 'utf8')) ?? {}) as { app?: string };
  return app;
}
