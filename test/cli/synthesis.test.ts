import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PerchError } from '../../lib/api/errors.js';
import { parseObjects } from '../../lib/cli/parseObjects.js';
import { joinDocuments, runProgram, type SynthesisOptions } from '../../lib/cli/synthesis.js';

let project: string;
beforeEach(() => {
  // Inside the checkout, where the programs find cdk8s.
  project = mkdtempSync(join(__dirname, '.program-'));
});
afterEach(() => rmSync(project, { recursive: true }));

/** Writes files of a user's project; gives the path of main.ts. */
function write(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return join(project, 'main.ts');
}

const program = (body: string) => `import { ApiObject, App, Chart } from 'cdk8s';
const app = new App();
const chart: Chart = new Chart(app, 'one');
const add = (kind: string, name: string, to = chart) =>
  new ApiObject(to, name, { apiVersion: 'v1', kind, metadata: { name } });
${body}
app.synth();
`;

/** The objects that a program writes. */
async function synthesize(file: string, options: SynthesisOptions = {}) {
  const { files } = await runProgram(file, options);
  return parseObjects(joinDocuments(files), file);
}

async function failure(promise: Promise<unknown>): Promise<PerchError> {
  return promise.then(
    () => Promise.reject(new Error('expected an error, got none')),
    (error: PerchError) => error,
  );
}

describe('a program', () => {
  test('gives the objects of a TypeScript program in their order', async () => {
    const main = write({ 'main.ts': program("add('Secret', 'b'); add('ConfigMap', 'a');") });
    const objects = await synthesize(main);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Secret b',
      'ConfigMap a',
    ]);
  });

  test('puts the namespaces of every chart first', async () => {
    const main = write({
      'main.ts': program("add('Secret', 'b'); add('Namespace', 'n', new Chart(app, 'two'));"),
    });
    expect((await synthesize(main)).map(({ kind }) => kind)).toEqual(['Namespace', 'Secret']);
  });

  test('finds a path from the folder it is given', async () => {
    write({ 'main.ts': program("add('Secret', 'b');") });
    expect(await synthesize('main.ts', { cwd: project })).toHaveLength(1);
  });

  test.each([
    ['without extension', './names', 'names.ts'],
    ['with the extension .js', './names.js', 'names.ts'],
    ['of a folder', './names', 'names/index.ts'],
  ])('understands imports %s', async (_what, specifier, file) => {
    const main = write({
      'main.ts': `import { name } from '${specifier}';\n${program("add('Secret', name);")}`,
      [file]: 'export enum Kinds { Secret }\nexport const name: string = Kinds[0]!.toLowerCase();\n',
    });
    expect(await synthesize(main)).toMatchObject([{ metadata: { name: 'secret' } }]);
  });

  test.each(['module', 'commonjs'])('understands a project of type %s', async (type) => {
    const main = write({
      'package.json': JSON.stringify({ type }),
      'main.ts': program("add('Secret', 'b');"),
    });
    expect(await synthesize(main)).toHaveLength(1);
  });

  test('leaves nothing behind', async () => {
    const main = write({ 'main.ts': program("add('Secret', 'b');"), 'tmp/keep': '' });
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(project, 'tmp');
    try {
      await synthesize(main);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect(readdirSync(project).sort()).toEqual(['main.ts', 'tmp']);
    expect(readdirSync(join(project, 'tmp'))).toEqual(['keep']);
  });
});

describe('a program that fails', () => {
  test('by an error of perch is reported with its place and remedy', async () => {
    const main = write({
      'main.ts': program(
        "throw Object.assign(new Error('m'), { name: 'PerchError', code: 'C', remedy: 'r', path: 'one/web' });",
      ),
    });
    expect(await failure(runProgram(main))).toMatchObject({
      code: 'C',
      message: 'm',
      remedy: 'r',
      path: `one/web (${main}:6:21)`,
    });
  });

  test('by any other error is reported with its file, and its stack as the cause', async () => {
    const main = write({ 'main.ts': program("throw new TypeError('no');") });
    const error = await failure(runProgram(main));
    expect(error).toMatchObject({
      code: 'SYNTH_PROGRAM_FAILED',
      message: 'the program failed: no',
      path: `${main}:6:7`,
    });
    expect((error.cause as Error).stack).toContain('main.ts');
  });

  test('for want of a package is reported with what to install', async () => {
    const main = write({ 'main.ts': "import 'not-there';" });
    expect(await failure(runProgram(main))).toMatchObject({
      message: expect.stringContaining("Cannot find package 'not-there'"),
      remedy: 'install it where the program is: npm install not-there',
      path: main,
    });
  });

  test('by a validation of cdk8s is reported with what is wrong', async () => {
    const main = write({
      'main.ts': program("chart.node.addValidation({ validate: () => ['too blue'] });"),
    });
    expect((await failure(runProgram(main))).message).toContain('[one] too blue');
  });

  test.each([
    ['', 'const app = new App(;', '2:21'],
    ['enum Colour { Red }', 'const app = new App(;', '2:21'],
  ])('to parse (after %j) is reported with its line and column', async (first, second, position) => {
    const main = write({ 'main.ts': `${first}\n${second}\n` });
    expect(await failure(runProgram(main))).toMatchObject({
      code: 'SYNTH_PROGRAM_FAILED',
      message: 'the program failed: Expression expected',
      path: `${main}:${position}`,
    });
  });

  test('to parse a file that it imports is reported with that file', async () => {
    const main = write({ 'main.ts': "import './names';", 'names.ts': 'const = 1;' });
    expect((await failure(runProgram(main))).path).toBe(`${join(project, 'names.ts')}:1:7`);
  });

  test('for want of an export is reported with the name that was probably meant', async () => {
    const main = write({ 'main.ts': "import {\n  Charrt,\n} from 'cdk8s';\nnew Charrt();" });
    expect(await failure(runProgram(main))).toMatchObject({
      code: 'SYNTH_PROGRAM_FAILED',
      message: 'the program failed: cdk8s exports no Charrt',
      remedy: 'did you mean Chart? if it is a type: import type { Charrt }',
      path: `${main}:2:3`,
    });
  });

  test('for want of an export of its own files is reported with the line of the import', async () => {
    const main = write({ 'main.ts': "\nimport { b } from './names';", 'names.ts': 'export const a = 1;' });
    expect(await failure(runProgram(main))).toMatchObject({
      message: expect.stringContaining("does not provide an export named 'b'"),
      path: `${main}:2:10`,
    });
  });

  test('in a promise is reported', async () => {
    const main = write({ 'main.ts': "Promise.reject(new Error('later'));" });
    expect((await failure(runProgram(main))).message).toContain('later');
  });

  test('by its exit code is reported', async () => {
    const error = await failure(runProgram(write({ 'main.ts': 'process.exit(3);' })));
    expect(error.message).toBe('the program failed: it ended with exit code 3');
  });

  test('to be there is reported', async () => {
    const error = await failure(runProgram('nowhere.ts', { cwd: project }));
    expect(error).toMatchObject({ code: 'SYNTH_FILE_MISSING', path: join(project, 'nowhere.ts') });
    expect(error.message).toContain('nowhere.ts');
  });

  test('to write a chart is reported', async () => {
    const error = await failure(
      runProgram(write({ 'main.ts': "import { App } from 'cdk8s'; new App().synth();" })),
    );
    expect(error.code).toBe('SYNTH_NOTHING_WRITTEN');
  });
});

test('documents are joined in the order of files, foundations first', () => {
  const joined = joinDocuments([
    { text: 'kind: Secret\n---\nkind: Namespace\n' },
    { text: 'kind: CustomResourceDefinition\n' },
  ]);
  expect(joined).toBe('kind: Namespace\n---\nkind: CustomResourceDefinition\n---\nkind: Secret\n');
});
