import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface ComparisonResult {
  /** Of `perch synth`, the fastest of three. */
  readonly perchSeconds: number;
  /** Of `cdk8s synth`, likewise. */
  readonly cdk8sSeconds: number;
  readonly ratio: number;
}

/** What nobody needs for perch, and so is kept outside of the checkout. */
const tools = ['cdk8s-cli@2.207.60', 'ts-node@10.9.2', 'typescript@5.9.3'];
const home = join(homedir(), '.cache/perch-bench', tools[0]!);
const RUNS = 3;

/** As `cdk8s init typescript-app` writes it. */
const tsconfig = {
  compilerOptions: {
    alwaysStrict: true,
    declaration: true,
    experimentalDecorators: true,
    inlineSourceMap: true,
    inlineSources: true,
    lib: ['es2016'],
    module: 'CommonJS',
    noEmitOnError: true,
    noFallthroughCasesInSwitch: true,
    noImplicitAny: true,
    noImplicitReturns: true,
    noImplicitThis: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    resolveJsonModule: true,
    strict: true,
    stripInternal: true,
    target: 'ES2017',
  },
  include: ['**/*.ts'],
  exclude: ['node_modules'],
};

/**
 * `perch synth` and `cdk8s synth` of one and the same file, by turns in one run; why it was left out, where the other
 * one is not there and `install` is not set.
 */
export function compareWithCdk8s(install: boolean): ComparisonResult | string {
  if (!existsSync(join(home, 'node_modules/.bin/cdk8s'))) {
    if (!install) return `${tools.join(', ')} are not in ${home}: --install-tools puts them there`;
    installTools();
  }
  const project = join(home, 'project');
  makeProject(project);
  const cdk8s = join(home, 'node_modules/cdk8s-cli/bin/cdk8s');
  const times = { cdk8s: [] as number[], perch: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    times.cdk8s.push(secondsOf(project, [cdk8s, 'synth', '--no-check-upgrade']));
    times.perch.push(secondsOf(project, [join(__dirname, 'perch.js'), 'synth', 'main.ts', '-o', 'by-perch']));
  }
  const written = ['dist', 'by-perch'].map((name) =>
    readFileSync(join(project, name, 'podinfo.k8s.yaml'), 'utf8'),
  );
  if (written[0] !== written[1])
    throw new Error('cdk8s synth and perch synth have written different manifests');
  const [cdk8sSeconds, perchSeconds] = [Math.min(...times.cdk8s), Math.min(...times.perch)];
  return { perchSeconds, cdk8sSeconds, ratio: perchSeconds / cdk8sSeconds };
}

function installTools(): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const how = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', [...how, ...tools], { cwd: home, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm could not install ${tools.join(', ')}`);
}

/** examples/podinfo in one file, as both understand it, with the libraries of this checkout. */
function makeProject(project: string): void {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
  mkdirSync(join(project, 'node_modules/@types'));
  for (const name of ['cdk8s', 'cdk8s-plus-27', 'constructs', '@types/node'])
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
  symlinkSync(resolve('.'), join(project, 'node_modules/perch'));
  symlinkSync('../../../node_modules/.bin/ts-node', join(project, 'node_modules/.bin/ts-node'));
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(project, 'cdk8s.yaml'), 'language: typescript\napp: npx ts-node main.ts\n');
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  const [stack, main] = ['stack.ts', 'main.ts'].map((name) =>
    readFileSync(`examples/podinfo/${name}`, 'utf8'),
  );
  const body = main!.replaceAll(/^import .*$/gm, '');
  writeFileSync(join(project, 'main.ts'), `import { App } from 'cdk8s';\n${stack}${body}`);
}

function secondsOf(cwd: string, argv: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return (performance.now() - started) / 1000;
}
