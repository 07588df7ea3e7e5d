const image = 'ghcr.io/stefanprodan/podinfo:6.9.0';

/** The files of a new project, by name. */
export function projectFiles(name: string, perch: string, pulumi: boolean): Readonly<Record<string, string>> {
  const files = pulumi ? pulumiFiles(name) : cdk8sFiles(name);
  const dependencies = {
    perch,
    cdk8s: '^2.70.0',
    'cdk8s-plus-27': '^2.9.5',
    constructs: '^10.3.0',
    ...(pulumi && { '@pulumi/pulumi': '^3.250.0', '@pulumi/kubernetes': '^4.25.0' }),
  };
  const main = pulumi ? 'index.ts' : 'main.ts';
  const manifest = { name, version: '0.0.0', private: true, main, dependencies };
  return {
    'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
    '.gitignore': 'node_modules/\ndist/\n',
    // A linked folder would bring a cdk8s of its own, and objects of two cdk8s do not mix.
    ...(perch.startsWith('file:') && { '.npmrc': 'install-links=true\n' }),
    ...files,
  };
}

function cdk8sFiles(name: string): Record<string, string> {
  return {
    'main.ts': `import { App, Chart } from 'cdk8s';
import { CanaryApp, CanaryPlatform } from 'perch';

const app = new App();
const chart = new Chart(app, '${name}');

// Once a cluster: router, Prometheus, controller and load tester.
const platform = new CanaryPlatform(chart, 'platform');

// A changed image is a release: a few percent of the requests more each minute, as long as the checks pass.
new CanaryApp(chart, '${name}', {
  platform,
  namespace: '${name}',
  image: '${image}',
  port: 9898,
  host: '${name}.example.com',
});

app.synth();
`,
  };
}

function pulumiFiles(name: string): Record<string, string> {
  return {
    // Node runs TypeScript by itself: the compiler that Pulumi would bring is older than the types.
    'Pulumi.yaml': `name: ${name}
runtime:
  name: nodejs
  options:
    typescript: false
description: ${name}, released step by step
`,
    'index.ts': `import { CanaryApp, CanaryPlatform } from 'perch/pulumi';

// Once a cluster: router, Prometheus, controller and load tester.
const platform = new CanaryPlatform('platform');

// A changed image is a release: a few percent of the requests more each minute, as long as the checks pass.
const app = new CanaryApp('${name}', {
  platform,
  namespace: '${name}',
  image: '${image}',
  port: 9898,
  host: '${name}.example.com',
});

export const url = app.url;
`,
  };
}
