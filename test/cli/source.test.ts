import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
