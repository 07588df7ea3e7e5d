import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Entry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Entry>>;
};
const entries = Object.entries(lock.packages);

/** esbuild and node fetch their own binary; the others are of cdk8s-plus', projen's and Pulumi's dependencies. */
const known = ['@parcel/watcher', '@pulumi/kubernetes', 'backport', 'esbuild', 'node', 'protobufjs'];
const allowed = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', '0BSD', 'Unlicense'],
  ...['CC0-1.0', 'CC-BY-3.0', 'CC-BY-4.0', 'Python-2.0', 'PSF-2.0'],
]);

/** Node looks beside a package's own dependencies first, then in each folder above. */
function isLocked(from: string, name: string): boolean {
  if (lock.packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
  return from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

describe('package-lock.json (`node scripts/lock.mjs` puts it right)', () => {
  it('holds the binaries of every platform, so that npm ci works on each', () => {
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(path, name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('holds a digest of every package but binaries of other platforms, which the registry tells', () => {
    const without = entries.filter(
      ([path, { integrity, inBundle, optional }]) => path !== '' && !integrity && !inBundle && !optional,
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('runs the installation scripts of no package that is not known to have one', () => {
    const scripted = entries.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(scripted.map((path) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(known);
  });

  it('holds packages under licences that may be shipped and used, as docs/licences.md lists them', () => {
    const before = readFileSync('docs/licences.md', 'utf8');
    execFileSync(process.execPath, ['scripts/licences.mjs']);
    expect(readFileSync('docs/licences.md', 'utf8')).toBe(before);
    const odd = entries.filter(
      ([path, { license = '' }]) => path !== '' && !license.split(/[() ]+/).some((word) => allowed.has(word)),
    );
    expect(odd.map(([path, { license }]) => `${path}: ${license}`)).toEqual([
      'node_modules/@logdna/tail-file: SEE LICENSE IN LICENSE',
    ]);
  });

  it('names no registry, as everybody has their own', () => {
    expect(entries.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });
});
