import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import type { RouterName } from '../../lib/api/providers.js';
import { Routing } from '../../lib/index.js';

const root = join(__dirname, '../..');
const folder = join(root, 'docs/routing');

interface Page {
  readonly name: string;
  readonly program: string;
}

/** The pages with their one program each. */
const pages: readonly Page[] = readdirSync(folder).map((file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const [program, ...more] = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  if (program === undefined || more.length > 0) throw new Error(`expected one program in ${file}`);
  return { name: file.replace('.md', ''), program };
});

interface Manifest {
  readonly kind: string;
  readonly spec: { readonly provider?: RouterName };
}

let project: string;
beforeAll(() => {
  // inside the checkout, where the programs find cdk8s and perch
  project = mkdtempSync(join(__dirname, '.pages-'));
  for (const { name, program } of pages) writeFileSync(join(project, `${name}.ts`), program);
});
afterAll(() => rmSync(project, { recursive: true }));

function run(name: string): Manifest[] {
  const output = join(project, `${name}-out`);
  mkdirSync(output);
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = output;
  try {
    jest.isolateModules(() => {
      require(join(project, `${name}.ts`));
    });
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
  return readdirSync(output).flatMap((file) =>
    parseAllDocuments(readFileSync(join(output, file), 'utf8'), { version: '1.1' }).map(
      (document) => document.toJS() as Manifest,
    ),
  );
}

/** Pages whose provider is not called like them. */
const providers: Readonly<Record<string, RouterName>> = {
  'gateway-api': 'gatewayapi:v1',
  linkerd: 'gatewayapi:v1',
  smi: 'smi:v1alpha2',
  traefik: 'nginx',
  'app-mesh': 'appmesh:v1beta2',
};

describe('the pages of docs/routing', () => {
  test.each(pages.map(({ name }) => name))('%s: the program runs and writes its canary', (name) => {
    const canaries = run(name).filter(({ kind }) => kind === 'Canary');
    expect(canaries.map(({ spec }) => spec.provider)).toEqual([providers[name] ?? name]);
  });

  test('all programs compile', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'));
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
    const files = pages.map(({ name }) => join(project, `${name}.ts`));
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, { ...options, noEmit: true }));
    expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual(
      [],
    );
  });

  test('show every factory of Routing, and so every provider', () => {
    const shown = pages.map(({ program }) => program).join('\n');
    const text = pages.map(({ name }) => readFileSync(join(folder, `${name}.md`), 'utf8')).join('\n');
    const factories = Object.getOwnPropertyNames(Routing).filter(
      (name) => typeof Routing[name as keyof typeof Routing] === 'function' && name !== 'prototype',
    );
    expect(factories.filter((name) => !text.includes(`Routing.${name}(`))).toEqual([]);
    expect(factories.filter((name) => !shown.includes(`Routing.${name}(`))).toEqual(['gatewayRoute']);
  });
});
