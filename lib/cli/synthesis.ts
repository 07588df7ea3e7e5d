import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PerchError } from '../api/errors.js';
import { programError } from './programFailure.js';
import { type FailureReport, pathsFile, programHostUrl, reportChannel } from './programHost.js';

export interface SynthesisOptions {
  /** Where relative paths begin. @default - the process's */
  readonly cwd?: string;
}

/** One file that a program wrote, usually a chart. */
export interface ManifestFile {
  /** Relative to the output folder. */
  readonly name: string;
  /** What it is called in errors. */
  readonly source: string;
  /** YAML documents. */
  readonly text: string;
}

/** What a program wrote. */
export interface Synthesis {
  readonly files: readonly ManifestFile[];
  /** Construct paths, as programHost.ts writes them; empty for what is no program run by perch. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

/**
 * Runs a cdk8s program (TypeScript or JavaScript) in a process of its own and collects what it writes, in the order of
 * its charts. What it prints goes to stderr.
 */
export async function runProgram(file: string, options: SynthesisOptions = {}): Promise<Synthesis> {
  const cwd = options.cwd ?? process.cwd();
  const program = existingFile('a program', file, cwd);
  return collect(program, (folder) => execute(program, cwd, folder));
}

/** What a file can be, and what to give in place of one that is not there. */
const kindsOfFile = {
  'a program': 'give the path of a file that makes a cdk8s App and ends with app.synth(), e.g. main.ts',
  'a file of YAML': 'correct its path; - reads YAML from standard input',
};

/** Where a program or a file of YAML is; throws `SYNTH_FILE_MISSING` where it is not, or is a folder. */
export function existingFile(expected: keyof typeof kindsOfFile, file: string, cwd = process.cwd()): string {
  const path = resolve(cwd, file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) return path;
  const main = join(file, 'main.ts');
  throw new PerchError({
    code: 'SYNTH_FILE_MISSING',
    message: `expected ${expected}, got ${file}, which ${found ? 'is a folder' : 'does not exist'}`,
    remedy: existsSync(resolve(cwd, main)) ? `give the program in it: ${main}` : kindsOfFile[expected],
    path,
  });
}

/** Runs a cdk8s app command, such as `npx ts-node main.ts` or `python main.py`, by the shell. */
export async function runCommand(command: string, options: SynthesisOptions = {}): Promise<Synthesis> {
  const cwd = options.cwd ?? process.cwd();
  return collect(command, async (folder) => {
    const child = spawn(command, {
      cwd,
      shell: true,
      env: { ...process.env, CDK8S_OUTDIR: folder },
      stdio: ['ignore', 2, 2],
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (code === 0) return;
    throw new PerchError({
      code: 'SYNTH_COMMAND_FAILED',
      message: `the app command ended with ${signal ?? `exit code ${code}`}`,
      remedy: 'put right what it printed above, or correct the command (--app, or `app` in cdk8s.yaml)',
      path: command,
    });
  });
}

async function collect(program: string, run: (folder: string) => Promise<void>): Promise<Synthesis> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-synth-'));
  try {
    await run(folder);
    const files = await readManifests(folder, program);
    if (files.length === 0) throw nothingWritten(program);
    return { files, paths: await readPaths(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readPaths(folder: string): Promise<Synthesis['paths']> {
  const file = join(folder, pathsFile);
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
}

/** All documents of all files as one text: what others need to be there (namespaces, CRDs) first. */
export function joinDocuments(manifests: readonly Pick<ManifestFile, 'text'>[]): string {
  const documents = manifests
    .flatMap(({ text }) => text.split(/^---\n/m))
    .filter((text) => text.trim() !== '');
  const isFoundation = (text: string) => /^kind: (Namespace|CustomResourceDefinition)$/m.test(text);
  const ordered = [
    ...documents.filter(isFoundation),
    ...documents.filter((document) => !isFoundation(document)),
  ];
  return ordered.join('---\n');
}

async function execute(program: string, cwd: string, outputFolder: string): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', '--import', programHostUrl(), program], {
    cwd,
    env: { ...process.env, CDK8S_OUTDIR: outputFolder },
    // Standard output belongs to the manifests.
    stdio: ['ignore', 2, 2, 'pipe'],
  });
  const [report, [code, signal]] = await Promise.all([
    text(child.stdio[reportChannel] as Readable),
    once(child, 'close') as Promise<[number | null, string | null]>,
  ]);
  if (report !== '') throw programError(program, JSON.parse(report) as FailureReport);
  if (code !== 0) throw programError(program, { message: `it ended with ${signal ?? `exit code ${code}`}` });
}

async function readManifests(folder: string, program: string): Promise<ManifestFile[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      name,
      source: `${program}: ${name}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}

function nothingWritten(program: string): PerchError {
  return new PerchError({
    code: 'SYNTH_NOTHING_WRITTEN',
    message: `expected the program to write at least one chart, got none`,
    remedy: 'make an App without `outdir`, add a Chart to it, and end the program with app.synth()',
    path: program,
  });
}
