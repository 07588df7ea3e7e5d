import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import type { Declared } from '../deploy/manifest.js';
import { configuredCommand } from './configuration.js';
import { type Placed, parsePlaced } from './parseObjects.js';
import { existingFile, runCommand, runProgram, type Synthesis } from './synthesis.js';
import { refuseTwins } from './twins.js';

export interface SourceFlags {
  /** A cdk8s app command, run by the shell. */
  readonly app?: string;
  readonly verbose?: boolean;
}

/** What a source gives: the texts as they are written, and the objects in them. */
export interface Source {
  readonly files: Synthesis['files'];
  readonly declared: readonly Declared[];
}

/** Gives a command the argument and the flags that say where its objects come from. */
export function withSource(command: Command): Command {
  return withVerbose(command)
    .argument('[program]', 'a cdk8s program, e.g. main.ts; or a file of YAML; - for YAML on standard input')
    .option('--app <command>', 'a cdk8s app command instead, e.g. "python main.py" (default: of cdk8s.yaml)');
}

export function withVerbose(command: Command): Command {
  return command.option('--verbose', 'show where the program failed');
}

/**
 * What the named program or file, the app command, cdk8s.yaml's app command or standard input declares: one object at
 * least, namespaces and CRDs first, each with the path of its construct.
 */
export async function readSource(program: string | undefined, flags: SourceFlags): Promise<Source> {
  const { files, paths } = await readTexts(program, flags).catch((error: unknown) => {
    if (flags.verbose) showCause(error);
    throw error;
  });
  const declared = foundationsFirst(
    locate(
      files.flatMap(({ text, source }) => parsePlaced(text, source)),
      paths,
    ),
  );
  if (declared.length === 0) throw nothingDeclared(program ?? flags.app);
  refuseTwins(declared);
  return { files, declared };
}

/** The objects of a source alone. */
export async function readDeclared(
  program: string | undefined,
  flags: SourceFlags,
): Promise<readonly Declared[]> {
  return (await readSource(program, flags)).declared;
}

async function readTexts(program: string | undefined, { app }: SourceFlags): Promise<Synthesis> {
  if (program !== undefined && app !== undefined) throw twoSources(program);
  if (program === '-') {
    return {
      files: [{ name: 'stdin.yaml', source: 'standard input', text: await textOf(process.stdin) }],
      paths: {},
    };
  }
  if (program !== undefined && /\.ya?ml$/.test(program)) {
    const text = await readFile(existingFile('a file of YAML', program), 'utf8');
    return { files: [{ name: basename(program), source: program, text }], paths: {} };
  }
  if (program !== undefined) return runProgram(program);
  const command = app ?? configuredCommand(process.cwd());
  if (command !== undefined) return runCommand(command);
  throw new PerchError({
    code: 'SYNTH_NO_PROGRAM',
    message: 'expected a program, got none, and there is no cdk8s.yaml that names one',
    remedy: 'name it, e.g. main.ts; or - for YAML on standard input; or an app command with --app',
  });
}

/** The construct that made an object is a better place than a line of what it wrote. */
function locate(objects: readonly Placed[], paths: Synthesis['paths']): (Placed & Declared)[] {
  const taken = new Map<string, number>();
  return objects.map(({ object, place }) => {
    const key = pathKey(object);
    const at = taken.get(key) ?? 0;
    taken.set(key, at + 1);
    const path = paths[key]?.[at];
    return { object, path, place: path ?? place };
  });
}

function pathKey({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
}

function foundationsFirst<T extends Declared>(objects: readonly T[]): T[] {
  const isFoundation = ({ object: { kind } }: T) =>
    kind === 'Namespace' || kind === 'CustomResourceDefinition';
  return [...objects.filter(isFoundation), ...objects.filter((object) => !isFoundation(object))];
}

function showCause(error: unknown): void {
  if (error instanceof PerchError && error.cause instanceof Error && error.cause.stack)
    process.stderr.write(`${error.cause.stack}\n`);
}

function twoSources(program: string): PerchError {
  return new PerchError({
    code: 'CLI_FLAG_REFUSED',
    message: `expected a program or --app, got both (${program})`,
    remedy: 'leave one of them out',
    path: '--app',
  });
}

/** A template that rendered to nothing would else have everything deleted. */
function nothingDeclared(source = 'cdk8s.yaml'): PerchError {
  return new PerchError({
    code: 'SYNTH_NOTHING_WRITTEN',
    message: 'expected at least one Kubernetes object, got none',
    remedy: 'declare one, or see why what should have rendered it did not',
    path: source === '-' ? 'standard input' : source,
  });
}
