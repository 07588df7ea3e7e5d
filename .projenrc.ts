import { JsonFile, javascript, typescript } from 'projen';

const NODE = '24.21.0';

const project = new typescript.TypeScriptProject({
  name: 'perch',
  description:
    'Progressive delivery for Kubernetes in TypeScript: declare a canary in code, deploy it with one command, and unit-test its rollout.',
  keywords: ['kubernetes', 'canary', 'progressive-delivery', 'flagger', 'cdk8s', 'rollout', 'gitops'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  license: 'Apache-2.0',
  copyrightOwner: 'The perch authors',
  srcdir: 'lib',
  libdir: 'dist',
  testdir: 'test',
  // projen would point `main` at srcdir
  entrypoint: 'dist/index.js',
  entrypointTypes: 'dist/index.d.ts',
  npmignoreEnabled: false,
  bin: { perch: 'dist/perch.js' },
  minNodeVersion: '22.19.0',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.nodejs({ typeCheck: false }),
  typescriptVersion: '6.0.3',
  sampleCode: false,
  eslint: false,
  github: false,
  depsUpgrade: false,
  release: false,
  package: true,
  peerDependencyOptions: { pinnedDevDependency: true },
  peerDeps: [
    'cdk8s@^2.70.0',
    'cdk8s-plus-27@^2.9.5',
    'constructs@^10.3.0',
    // for `perch/pulumi` alone
    '@pulumi/pulumi@^3.250.0',
    '@pulumi/kubernetes@^4.25.0',
  ],
  deps: [
    '@prometheus-io/lezer-promql@0.315.0',
    '@lezer/lr@1.4.12',
    // `perch/testing` runs the controller, which counts with it
    'prom-client@15.1.3',
    'yaml@2.9.1',
    'zod@4.6.7',
  ],
  devDeps: [
    `node@${NODE}`,
    '@types/node@^24',

    '@biomejs/biome@2.6.8',
    'dependency-cruiser@18.7.2',
    'knip@6.44.2',
    'publint@0.3.25',
    '@arethetypeswrong/cli@0.18.5',
    'esbuild@0.28.2',
    'fast-check@4.10.2',
    // judges the CRDs' CEL rules in tests, as an API server does
    '@marcbachmann/cel-js@8.0.0',
    // bundled into dist/perch.js, so that the library's own dependencies stay few
    '@kubernetes/client-node@2.0.1',
    'undici@8.12.4',
    'commander@15.1.0',
    '@aws-sdk/client-cloudwatch@3.1162.0',
    'google-auth-library@11.3.4',
    'jest@30.5.2',
    'ts-jest@29.4.15',
    '@types/jest@30.0.0',
  ],
  jest: false,
  disableTsconfig: true,
  gitignore: ['/dist/', '.DS_Store', '/cdk8s-out/', '/examples/*/dist/', '*.tgz', '.perch/'],
});

// Everybody adds a line at the end.
project.gitattributes.addAttributes('/CHANGELOG.md', 'merge=union');

project.package.addField('files', ['dist', 'docs', 'README.md', 'CHANGELOG.md', 'LICENSE']);
project.package.addField('peerDependenciesMeta', {
  '@pulumi/pulumi': { optional: true },
  '@pulumi/kubernetes': { optional: true },
});
project.package.addField('exports', {
  '.': { types: './dist/index.d.ts', default: './dist/index.js' },
  './pulumi': { types: './dist/pulumi/index.d.ts', default: './dist/pulumi/index.js' },
  './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
  './testing/jest': { types: './dist/testing/jest.d.ts', default: './dist/testing/jest.js' },
  './package.json': './package.json',
});
// For programs that still resolve as Node 10 did, as `pulumi new kubernetes-typescript` sets them up.
project.package.addField('typesVersions', {
  '*': {
    pulumi: ['./dist/pulumi/index.d.ts'],
    testing: ['./dist/testing/index.d.ts'],
    'testing/jest': ['./dist/testing/jest.d.ts'],
  },
});
project.package.addField('allowScripts', {
  node: true,
  esbuild: true,
  '@parcel/watcher': false,
  '@pulumi/kubernetes': false,
  backport: false,
  protobufjs: false,
});

// One word a job; each is the command itself, so that what runs is what package.json shows.
const scripts: Record<string, string> = {
  prepare: 'npm run build',
  build: 'node scripts/build.mjs',
  test: 'jest',
  types: 'tsc -p tsconfig.json --incremental --tsBuildInfoFile node_modules/.cache/types.tsbuildinfo',
  lint: 'node scripts/lint.mjs',
  format: 'biome check --write .',
  demo: 'node dist/perch.js demo',
  bench: 'node bench/bench.mjs',
  'bench:image': 'node bench/image.mjs',
  e2e: 'node test/e2e/run.mjs',
  explore: 'node test/explore/run.mjs',
  soak: 'node test/soak/run.mjs',
  rights: 'node test/rights/run.mjs',
  image: 'node scripts/image/build.mjs',
  audit: 'node scripts/audit.mjs',
  projen: 'projen',
};
for (const { name } of project.tasks.all) project.removeScript(name);
project.addScripts(scripts);

const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2024'],
  module: 'node20',
  moduleResolution: 'node16',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  esModuleInterop: true,
  skipLibCheck: true,
  resolveJsonModule: true,
};
// Everything, for editors and `npm run types`; emits nothing.
new JsonFile(project, 'tsconfig.json', {
  obj: {
    compilerOptions: {
      ...compilerOptions,
      types: ['node', 'jest'],
      noEmit: true,
      allowImportingTsExtensions: true,
      paths: {
        perch: ['./lib/index.ts'],
        'perch/pulumi': ['./lib/pulumi/index.ts'],
        'perch/testing': ['./lib/testing/index.ts'],
        'perch/testing/jest': ['./lib/testing/jest.ts'],
      },
    },
    include: ['lib/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', '.projenrc.ts'],
  },
});
// The library's doors, as npm carries them.
new JsonFile(project, 'lib/tsconfig.json', {
  obj: {
    compilerOptions: {
      ...compilerOptions,
      rootDir: '.',
      outDir: '../dist',
      declaration: true,
      sourceMap: true,
    },
    include: ['**/*.ts'],
  },
});

project.package.addField('jest', {
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
  // ends what hangs, and nothing that a busy machine makes slow
  testTimeout: 180_000,
  moduleNameMapper: {
    '^perch$': '<rootDir>/lib/index.ts',
    '^perch/pulumi$': '<rootDir>/lib/pulumi/index.ts',
    '^perch/testing$': '<rootDir>/lib/testing/index.ts',
    '^perch/testing/jest$': '<rootDir>/lib/testing/jest.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      { tsconfig: { ...compilerOptions, types: ['node', 'jest'] }, diagnostics: false },
    ],
  },
});

new JsonFile(project, 'biome.json', {
  marker: false, // Biome refuses the key "//"
  obj: {
    $schema: 'https://biomejs.dev/schemas/2.6.8/schema.json',
    vcs: { enabled: true, clientKind: 'git', useIgnoreFile: true },
    // Markdown: Biome pads the cells of tables, and then every row of a page differs when one cell grows.
    files: {
      includes: ['**', '!**/generated', '!**/*.json', '!package.json', '!**/expected.yaml', '!**/*.md'],
    },
    formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 110 },
    javascript: { formatter: { quoteStyle: 'single' } },
    json: { formatter: { enabled: false } }, // generated, all of it
    linter: {
      rules: {
        preset: 'recommended',
        complexity: {
          noExcessiveLinesPerFunction: { level: 'error', options: { maxLines: 60, skipBlankLines: true } },
        },
        style: { noNonNullAssertion: 'off', useImportType: 'error', useNodejsImportProtocol: 'error' },
      },
    },
    overrides: [
      {
        includes: ['test/**', 'examples/**', 'bench/**'],
        linter: { rules: { complexity: { noExcessiveLinesPerFunction: 'off' } } },
      },
      {
        includes: [
          'lib/api/**',
          'lib/core/**',
          'lib/ports/**',
          'lib/engine/**',
          'lib/routers/**',
          'lib/metrics/**',
          'lib/notifiers/**',
          'lib/sim/**',
        ],
        linter: {
          rules: {
            style: {
              noRestrictedGlobals: {
                level: 'error',
                options: {
                  deniedGlobals: {
                    setTimeout: 'time comes in through ports.Clock',
                    setInterval: 'time comes in through ports.Clock',
                    fetch: 'the network comes in through ports.Http',
                    process: 'the environment comes in through the composition root',
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
});

for (const path of ['tsconfig.dev.json', 'projenrc/tsconfig.json']) project.tryRemoveFile(path);
project.defaultTask?.reset('node .projenrc.ts');

project.synth();
