// node scripts/licences.mjs: writes docs/licences.md, the licence of every package of package-lock.json.
import { readFileSync, writeFileSync } from 'node:fs';

const packages = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages);
const byLicence = new Map();
for (const [path, { license = 'none named', dev, devOptional, peer }] of packages) {
  if (path === '') continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const known = byLicence.get(license) ?? { installed: new Set(), other: new Set() };
  (dev || devOptional || peer ? known.other : known.installed).add(name);
  byLicence.set(license, known);
}
const row = (licence, { installed, other }) =>
  `| ${licence} | ${[...installed].sort().join(', ')} | ${[...other].sort().join(', ')} |`;
const rows = [...byLicence]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([licence, names]) => row(licence, names));

writeFileSync(
  'docs/licences.md',
  `# Licences

perch is under Apache-2.0. These are the licences of the packages in package-lock.json, as \`node scripts/licences.mjs\`
writes them. What of them is in an image its SBOM says (\`npm run image\`, [security](security.md#what-is-in-the-images)).

| licence | installed with perch | for its users' programs, its images, its tests and tools |
| --- | --- | --- |
${rows.join('\n')}
`,
);
