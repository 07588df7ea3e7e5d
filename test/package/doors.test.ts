import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Package {
  readonly exports: Readonly<Record<string, { readonly default?: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
const installed = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
const doors = Object.entries(manifest.exports).flatMap(([door, { default: file }]) =>
  file ? [{ door, source: file.replace('./dist/', 'lib/').replace(/\.js$/, '.ts') }] : [],
);

/** What a file loads when it is imported: type-only imports are not there any more. */
function loadedBy(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(/^(?:import|export) (?!type\b)(?:([^;']*?) from )?'([^']+)';$/gm);
  return [...statements].flatMap(([, names, file]) =>
    names && /^\{(\s*type [^,}]+,?)*\s*\}$/.test(names) ? [] : [file!],
  );
}

/** Packages that a door loads, each with the file that does. */
function packagesOf(source: string, seen = new Map<string, string>(), visited = new Set<string>()) {
  visited.add(source);
  for (const name of loadedBy(source)) {
    if (name.startsWith('node:')) continue;
    if (name.startsWith('.')) {
      const next = join(dirname(source), name.replace(/\.js$/, '.ts'));
      if (!visited.has(next)) packagesOf(next, seen, visited);
      continue;
    }
    const [scope, rest] = name.split('/');
    seen.set(scope!.startsWith('@') ? `${scope}/${rest}` : scope!, source);
  }
  return seen;
}

it.each(doors)('$door loads nothing that is not installed with perch', ({ source }) => {
  const missing = [...packagesOf(source)].filter(([name]) => !installed.has(name));
  expect(missing).toEqual([]);
});

it('follows what a door imports', () => {
  expect([...packagesOf('lib/testing/index.ts').keys()]).toEqual(expect.arrayContaining(['zod', 'yaml']));
});
