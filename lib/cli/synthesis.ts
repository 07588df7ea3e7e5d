import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { type FailureReport, programHostUrl, reportChannel } from './programHost.js';

export interface SynthesisOptions {
  /** Where relative paths begin. @default - the process's */
  readonly cwd?: string;
}

/** One file that a program wrote, usually a chart. */
export interface ManifestFile {
  /** Relative to the output folder. */
  readonly name: string;
  /** YAML documents. */
  readonly text: string;
}

/** Runs a cdk8s program and gives the objects it declares, namespaces and CRDs first. */
export async function synthesize(file: string, options: SynthesisOptions = {}): Promise<KubeObject[]> {
  const manifests = await runProgram(file, options);
  // cdk8s writes YAML 1.1.
  const documents = parseAllDocuments(joinDocuments(manifests), { version: '1.1' });
  return documents.flatMap((document) => (document.contents === null ? [] : [document.toJS() as KubeObject]));
}

/**
 * Runs a cdk8s program (TypeScript or JavaScript) in a process of its own and collects what it writes, in the order of
 * its charts. What it prints goes to stderr.
 */
export async function runProgram(file: string, options: SynthesisOptions = {}): Promise<ManifestFile[]> {
  const cwd = options.cwd ?? process.cwd();
  const program = resolve(cwd, file);
  if (!existsSync(program)) {
    throw new PerchError({
      code: 'SYNTH_FILE_MISSING',
      message: `expected a program, got ${file}, which does not exist`,
      remedy: 'give the path of a file that makes a cdk8s App and ends with app.synth(), e.g. main.ts',
      path: program,
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'perch-synth-'));
  try {
    await execute(program, cwd, folder);
    const manifests = await readManifests(folder);
    if (manifests.length === 0) throw nothingWritten(file, program);
    return manifests;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All documents of all files as one text: what others need to be there (namespaces, CRDs) first. */
export function joinDocuments(manifests: readonly ManifestFile[]): string {
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

async function readManifests(folder: string): Promise<ManifestFile[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

function programError(program: string, report: FailureReport): PerchError {
  const cause = new Error(report.message);
  cause.stack = report.stack;
  if (report.name === 'PerchError' && report.code && report.remedy) {
    const { code, message, remedy, path } = report;
    return new PerchError({ code, message, remedy, path, cause });
  }
  return new PerchError({
    code: 'SYNTH_PROGRAM_FAILED',
    message: `the program failed: ${report.message}`,
    remedy: 'put right what the message names; --verbose shows where it was thrown',
    path: program,
    cause,
  });
}

function nothingWritten(file: string, program: string): PerchError {
  return new PerchError({
    code: 'SYNTH_NOTHING_WRITTEN',
    message: `expected ${file} to write at least one chart, got none`,
    remedy: 'make an App without `outdir`, add a Chart to it, and end the program with app.synth()',
    path: program,
  });
}
