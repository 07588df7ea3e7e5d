import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** What package.json asks for: this version, or the very file or checkout that this perch is from. */
export function perchDependency(): string {
  const root = resolve(__dirname, '..');
  if (basename(dirname(root)) !== 'node_modules') return `file:${root}`;
  return packagedDependency(resolve(root, '../..'), readPackage(root).version ?? '');
}

interface Package {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** As the project that perch is installed in asks for it, where that is a file: nobody else has it then. */
export function packagedDependency(project: string, version: string): string {
  const { dependencies, devDependencies } = readPackage(project);
  const asked = dependencies?.perch ?? devDependencies?.perch ?? '';
  return asked.startsWith('file:') ? `file:${resolve(project, asked.slice('file:'.length))}` : `^${version}`;
}

function readPackage(folder: string): Package {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Package) : {};
}
