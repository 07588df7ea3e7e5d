import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configuredCommand } from '../../lib/cli/configuration.js';
import { readDeclared } from '../../lib/cli/source.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-source-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('takes a file of YAML for what it declares, namespaces first', async () => {
  const file = join(folder, 'app.yaml');
  const document = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: shop\n`;
  writeFileSync(file, `${document('ConfigMap')}---\n${document('Namespace')}`);
  const declared = await readDeclared(file, {});
  expect(declared.map(({ object }) => object.kind)).toEqual(['Namespace', 'ConfigMap']);
});

it('says which file of YAML is not there', async () => {
  await expect(readDeclared(join(folder, 'none.yml'), {})).rejects.toMatchObject({
    code: 'SYNTH_FILE_MISSING',
    message: `expected a file of YAML, got ${join(folder, 'none.yml')}, which does not exist`,
    remedy: expect.stringContaining('standard input'),
    path: join(folder, 'none.yml'),
  });
});

it('says that a folder is no program, and which program is in it', async () => {
  writeFileSync(join(folder, 'main.ts'), '');
  await expect(readDeclared(folder, {})).rejects.toMatchObject({
    code: 'SYNTH_FILE_MISSING',
    message: `expected a program, got ${folder}, which is a folder`,
    remedy: `give the program in it: ${join(folder, 'main.ts')}`,
  });
});

/** A file of YAML with these documents. */
function yaml(...documents: readonly string[]): string {
  const file = join(folder, 'some.yaml');
  writeFileSync(file, documents.join('---\n'));
  return file;
}

it.each([
  ['broken YAML', 'a: [b', 'SYNTH_YAML'],
  ['a list', '- a\n', 'SYNTH_NOT_AN_OBJECT'],
  ['plain text', 'hello world\n', 'SYNTH_NOT_AN_OBJECT'],
  ['nothing', '', 'SYNTH_NOTHING_WRITTEN'],
  ['comments alone', '# nothing yet\n---\n', 'SYNTH_NOTHING_WRITTEN'],
])('refuses a source with %s', async (_what, text, code) => {
  await expect(readDeclared(yaml(text), {})).rejects.toMatchObject({ code });
});

it('refuses a program and an app command at once', async () => {
  await expect(readDeclared('main.ts', { app: 'python main.py' })).rejects.toMatchObject({
    code: 'CLI_FLAG_REFUSED',
    path: '--app',
  });
});

const configMap = (namespace: string, version = 'v1') =>
  `apiVersion: ${version}\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: ${namespace}\n`;
const canary = (name: string, target: string) =>
  `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: ${name}, namespace: shop }\n` +
  `spec: { targetRef: { apiVersion: apps/v1, kind: Deployment, name: ${target} } }\n`;

describe('what is there twice', () => {
  it('is refused with both places', async () => {
    const file = yaml(configMap('shop'), configMap('blog'), configMap('shop'));
    await expect(readDeclared(file, {})).rejects.toMatchObject({
      code: 'SYNTH_OBJECT_TWICE',
      message: `expected ConfigMap shop/a once, got it at ${file}:1 and at ${file}:13`,
      path: `${file}:13`,
    });
  });

  it('is one object in two versions, too', async () => {
    const scaler = (version: string) => configMap('shop', `autoscaling/${version}`);
    await expect(readDeclared(yaml(scaler('v1'), scaler('v2')), {})).rejects.toMatchObject({
      code: 'SYNTH_OBJECT_TWICE',
    });
  });

  it('is not what two groups call by one name', async () => {
    expect(await readDeclared(yaml(configMap('shop'), configMap('shop', 'example.com/v1')), {})).toHaveLength(
      2,
    );
  });

  it('is a target of two Canaries', async () => {
    const file = yaml(canary('one', 'web'), canary('two', 'web'));
    await expect(readDeclared(file, {})).rejects.toMatchObject({
      code: 'SYNTH_TARGET_TWICE',
      message: `expected a Canary of Deployment shop/web once, got it at ${file}:1 and at ${file}:6`,
    });
    expect(await readDeclared(yaml(canary('one', 'web'), canary('two', 'api')), {})).toHaveLength(2);
  });

  it('is named by its constructs where a program declares it', async () => {
    const project = mkdtempSync(join(__dirname, '.twins-'));
    try {
      const main = join(project, 'main.ts');
      const secret = (id: string) =>
        `new ApiObject(chart, '${id}', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } });\n`;
      writeFileSync(
        main,
        `import { ApiObject, App, Chart } from 'cdk8s';\nconst app = new App();\nconst chart = new Chart(app, 'shop');\n${secret('one')}${secret('two')}app.synth();\n`,
      );
      await expect(readDeclared(main, {})).rejects.toMatchObject({
        code: 'SYNTH_OBJECT_TWICE',
        message: 'expected Secret a once, got it at shop/one and at shop/two',
      });
    } finally {
      rmSync(project, { recursive: true });
    }
  });
});

describe('cdk8s.yaml', () => {
  const configuration = join(tmpdir(), `perch-cdk8s-${process.pid}`);
  const file = join(configuration, 'cdk8s.yaml');
  beforeEach(() => mkdirSync(configuration));
  afterEach(() => rmSync(configuration, { recursive: true }));

  it.each([
    ['app: npx ts-node main.ts\n', 'npx ts-node main.ts'],
    ['language: typescript\n', undefined],
    ['', undefined],
  ])('%j names the command %j', (text, command) => {
    writeFileSync(file, text);
    expect(configuredCommand(configuration)).toBe(command);
  });

  it.each(['[', 'app: 5', 'app: [a]'])('%j is refused with its path', (text) => {
    writeFileSync(file, text);
    expect(() => configuredCommand(configuration)).toThrow(
      expect.objectContaining({ code: 'SYNTH_CONFIGURATION', path: file }),
    );
  });

  it('that is a folder is refused', () => {
    mkdirSync(file);
    expect(() => configuredCommand(configuration)).toThrow(
      expect.objectContaining({ code: 'SYNTH_CONFIGURATION', message: expect.stringContaining('EISDIR') }),
    );
  });
});
