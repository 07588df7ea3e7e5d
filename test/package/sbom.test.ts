import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'perch-sbom-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const status = (name: string) =>
  `Package: ${name}\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n`;
write('root/var/lib/dpkg/status', [status('curl'), status('bash')].join('\n'));
write('root/var/lib/dpkg/info/curl.list', '/usr/bin/curl\n');
write('root/var/lib/dpkg/info/bash.list', '/bin/bash\n');
write('root/usr/local/bin/node', 'the program node');
const npm = write('npm.json', JSON.stringify([{ type: 'library', name: 'zod', purl: 'pkg:npm/zod@4.0.0' }]));

interface Component {
  readonly name: string;
  readonly type: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

function componentsOf(...more: string[]): readonly Component[] {
  const script = resolve('scripts/image/sbom.mjs');
  const words = [script, 'loadtester', join(folder, 'root'), npm, ...more];
  const text = execFileSync(process.execPath, words, { encoding: 'utf8' });
  return JSON.parse(text).components;
}
const namesOf = (components: readonly Component[]) => components.map(({ name }) => name);

describe("an image's bill of materials", () => {
  test('lists every program that was given to the build, by the digest of its bytes', () => {
    write('tools/kubectl', 'the program kubectl');
    write('tools/plugins/diff', 'a plugin');
    const files = componentsOf('--tools', join(folder, 'tools')).filter(({ type }) => type === 'file');
    expect(files).toEqual([
      expect.objectContaining({
        name: 'kubectl',
        hashes: [{ alg: 'SHA-256', content: sha256('the program kubectl') }],
      }),
      expect.objectContaining({
        name: 'plugins/diff',
        hashes: [{ alg: 'SHA-256', content: sha256('a plugin') }],
      }),
    ]);
  });

  test('lists none when the build was given none', () => {
    mkdirSync(join(folder, 'empty'));
    const expected = ['node', 'zod', 'bash', 'curl'];
    expect(namesOf(componentsOf('--tools', join(folder, 'empty')))).toEqual(expected);
    expect(namesOf(componentsOf())).toEqual(expected);
  });

  test('has the digest of the Node that is in the image', () => {
    const [node] = componentsOf();
    expect(node).toMatchObject({
      name: 'node',
      hashes: [{ alg: 'SHA-256', content: sha256('the program node') }],
    });
  });

  test('lists of the Debian packages those whose files were taken', () => {
    const files = write('files.txt', '/usr/bin/curl\n');
    expect(namesOf(componentsOf('--files', files))).toEqual(['node', 'zod', 'curl']);
  });
});
