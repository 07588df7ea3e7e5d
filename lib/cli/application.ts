import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PerchError } from '../api/errors.js';

/** Folders that say nothing about what is in them. */
const plainFolders = new Set(['src', 'lib', 'bin', 'app', 'deploy', 'infra', 'dist']);

/** What an application is called: as asked, else after the folder of its program. A DNS label. */
export function applicationName(program: string | undefined, asked: string | undefined): string {
  const name = asked ?? folderName(program);
  if (name !== undefined && /^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(name)) return name;
  throw new PerchError({
    code: 'DEPLOY_NAME',
    message: `expected a name of lower-case letters, digits and dashes, at most 52, got ${name === undefined ? 'none' : JSON.stringify(name)}`,
    remedy: 'give the application a name with --name; it is what later deployments are compared with',
  });
}

/**
 * Tells one program from another, the same on every machine: the package's name, and where in the package it is. Of
 * standard input only the application's name can tell.
 */
export function programIdentity(program: string | undefined, name: string): string {
  if (program === '-') return `standard input of ${name}`;
  const file = resolve(program ?? 'cdk8s.yaml');
  const folder = packageFolder(dirname(file));
  if (folder === undefined) return basename(file);
  return [packageName(folder) ?? basename(folder), ...relative(folder, file).split(/[\\/]/)].join('/');
}

function packageName(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string };
    return name;
  } catch (cause) {
    throw new PerchError({
      code: 'SYNTH_CONFIGURATION',
      message: `expected a package.json that can be read, got ${(cause as Error).message}`,
      remedy: 'put it right: its name tells your program from others',
      path: file,
      cause,
    });
  }
}

function folderName(program: string | undefined): string | undefined {
  if (program === '-') return undefined;
  let folder = dirname(resolve(program ?? 'cdk8s.yaml'));
  while (plainFolders.has(basename(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return name.replaceAll(/^-+|-+$/g, '').slice(0, 52) || undefined;
}

function packageFolder(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(folder) === folder ? undefined : packageFolder(dirname(folder));
}
