import { projectFiles } from '../../lib/cli/initFiles.js';

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
