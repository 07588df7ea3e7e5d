import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFiles } from '../../lib/cli/initFiles.js';
import { packagedDependency } from '../../lib/cli/perchDependency.js';

test('a new project is a program, and what it needs', () => {
  const files = projectFiles('shop', '^1.0.0', false);
  expect(Object.keys(files)).toEqual(['package.json', '.gitignore', 'main.ts']);
  expect(JSON.parse(files['package.json'] ?? '').dependencies).toMatchObject({ perch: '^1.0.0' });
  expect(files['main.ts']).toContain("namespace: 'shop'");
});

test('a new Pulumi project is one too', () => {
  const files = projectFiles('shop', '^1.0.0', true);
  expect(Object.keys(files)).toEqual(['package.json', '.gitignore', 'Pulumi.yaml', 'index.ts']);
  expect(JSON.parse(files['package.json'] ?? '').dependencies).toHaveProperty(['@pulumi/kubernetes']);
});

test('a project of a checkout installs it as a package, so that there is one cdk8s', () => {
  expect(projectFiles('shop', 'file:/src/perch', false)['.npmrc']).toBe('install-links=true\n');
});

test.each([
  [
    { dependencies: { perch: 'file:../perch-1.0.0.tgz' } },
    (folder: string) => `file:${dirname(folder)}/perch-1.0.0.tgz`,
  ],
  [{ devDependencies: { perch: '^1.0.0' } }, () => '^1.0.0'],
  [{}, () => '^1.0.0'],
])('a project asks for the perch that made it: %j', (manifest, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-init-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    expect(packagedDependency(folder, '1.0.0')).toBe(expected(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
