// Puts package-lock.json right after npm has rewritten it: npm drops the binaries of other platforms, and then
// `npm ci` fails there; it also notes which registry it used, and others use another.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const before = JSON.parse(
  execFileSync('git', ['show', `HEAD:${file}`], { encoding: 'utf8', maxBuffer: 1e8 }),
);

/** Where a dependency of the package at `path` is looked for, nearest first. */
function places(path, name) {
  const parents = path.split('/node_modules/').map((_, index, parts) => parts.slice(0, index + 1));
  const folders = path === '' ? [] : parents.map((parts) => `${parts.join('/node_modules/')}/`).reverse();
  return [...folders, ''].map((folder) => `${folder}node_modules/${name}`);
}

/** As npm would have written it. */
function published(name, version) {
  const fields = ['version', 'license', 'cpu', 'os', 'libc', 'engines', 'dist.integrity'];
  const answer = execFileSync('npm', ['view', `${name}@${version}`, '--json', ...fields], {
    encoding: 'utf8',
  });
  const { 'dist.integrity': integrity, ...entry } = JSON.parse(answer);
  return { ...entry, integrity, dev: true, optional: true };
}

const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  delete entry.resolved;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = places(path, name);
    if (known.some((place) => lock.packages[place])) continue;
    const old = known.find((place) => before.packages[place]?.version === version);
    const place = old ?? known.at(-1);
    lock.packages[place] = old ? before.packages[old] : published(name, version);
    added.push(place);
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
);
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added.length > 0 ? `put back ${added.join(', ')}` : 'nothing was missing');
