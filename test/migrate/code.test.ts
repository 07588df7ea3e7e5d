import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../lib/api/kinds.js';
import { parseObjects } from '../../lib/cli/parseObjects.js';
import { identityOf, tidyManifests } from '../../lib/migrate/code/manifests.js';
import { writeProgram } from '../../lib/migrate/code/program.js';

const options = {
  namespace: 'test',
  meshProvider: 'istio',
  metricsServer: 'http://prometheus.monitoring:9090',
};
const read = (file: string) => parseObjects(readFileSync(join(__dirname, file), 'utf8'), file);

const bare = (apiVersion: string, kind: string): KubeObject => {
  const metadata = { name: 'shop', namespace: 'test', labels: { of: apiVersion.split('/')[0]! } };
  return { apiVersion, kind, metadata };
};

let project: string;
beforeEach(() => {
  // Inside the checkout, where the programs find cdk8s and perch.
  project = mkdtempSync(join(__dirname, '.program-'));
});
afterEach(() => rmSync(project, { recursive: true }));

/** What the program writes beside the platform, by identity. */
function run(program: string): Record<string, KubeObject> {
  const output = join(project, 'dist');
  mkdirSync(output);
  const main = join(project, 'main.ts');
  writeFileSync(main, program);
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = output;
  try {
    jest.isolateModules(() => {
      require(main);
    });
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
  const files = readdirSync(output).filter((name) => !name.includes('perch-platform'));
  return byIdentity(files.flatMap((name) => parseObjects(readFileSync(join(output, name), 'utf8'), name)));
}

function byIdentity(objects: readonly KubeObject[]): Record<string, KubeObject> {
  return Object.fromEntries(objects.map((object) => [identityOf(object), object]));
}

/** Every manifest of the tutorials that perch started from. */
function tutorials(): [string, KubeObject[], string[]][] {
  const folder = 'fixtures/tutorials';
  return readdirSync(join(__dirname, folder)).map((name) => [name, read(`${folder}/${name}`), []]);
}

const tutorial = read('../api/fixtures/tutorial.yaml');
const cases: [string, KubeObject[], string[]][] = [
  ['an ingress-nginx tutorial', read('fixtures/nginx.yaml'), ['new CanaryApp(inTest', 'Metric.template(']],
  [
    'an application without an autoscaler',
    read('fixtures/without-autoscaler.yaml'),
    ['new CanaryRelease(inTest'],
  ],
  [
    'A/B tests, blue/green, a mesh',
    read('fixtures/strategies.yaml'),
    ['Strategy.abTest(', 'Strategy.blueGreen('],
  ],
  ['canary, template and provider alone', tutorial.slice(0, 3), ['new CanaryRelease(inTest']],
  ['a canary that leaves the provider to the controller', tutorial.slice(3), ['Metric.duration(']],
  ...tutorials(),
  [
    'every provider',
    read('fixtures/routings.yaml'),
    [
      ...[
        'gatewayApi',
        'gatewayRoute',
        'istio',
        'linkerd',
        'smi',
        'traefik',
        'contour',
        'gloo',
        'kuma',
        'osm',
      ],
      ...['apisix', 'appMesh', 'skipper', 'ingressNginx', 'knative', 'kubernetes'],
    ].map((factory) => `Routing.${factory}(`),
  ],
  [
    'what Flagger does not have',
    read('fixtures/newer.yaml'),
    [
      'comparison: {}',
      'slowerThan: Duration.millis(250)',
      "onUndecided: 'wait'",
      'comparison: { slowerThan: Duration.millis(500) }',
    ],
  ],
  [
    'objects of one kind and name, of different groups',
    [
      ...['v1', 'serving.knative.dev/v1'].map((apiVersion) => bare(apiVersion, 'Service')),
      ...['networking.istio.io/v1', 'gateway.networking.k8s.io/v1'].map((apiVersion) =>
        bare(apiVersion, 'Gateway'),
      ),
    ],
    ["'service-shop'", "'gateway-shop'"],
  ],
  ['every field that there is', read('../api/fixtures/everything.yaml'), ['new CanaryRelease(inTest']],
];

describe('perch migrate --code', () => {
  it.each(cases)('writes a program for %s that gives the same objects', (_, objects, phrases) => {
    const program = writeProgram(objects, options);
    for (const phrase of phrases) expect(program).toContain(phrase);
    expect(run(program)).toEqual(byIdentity(tidyManifests(objects, 'test')));
  });

  it('has a construct for a canary of each provider', () => {
    const program = writeProgram(read('fixtures/routings.yaml'), options);
    expect(program.match(/ as it is, since .*/g) ?? []).toEqual([]);
    expect(program).toContain("knativeService: 'knative'");
    expect(program).toContain("furtherIngresses: ['inner']");
    expect(program).toContain('mirror: { percent: 20 }');
  });

  it('says why a canary stays as it is when no construct takes it', () => {
    const program = writeProgram(read('fixtures/strategies.yaml'), options);
    expect(program).toMatch(/Canary test overdone as it is, since .*maxWeight of at least stepWeight/);
  });

  it('gives the controller the namespace that Flagger watched, and so no more rights', () => {
    const flags = ['-namespace=shop', '-cluster-name=eu'];
    const program = writeProgram(read('fixtures/nginx.yaml'), { ...options, flags });
    expect(program).toMatch(
      /controller: \{\s*secrets: 'all',\s*watchNamespace: 'shop',\s*flags: \['-cluster-name=eu'\],?\s*\}/,
    );
  });

  it('writes no value of a Secret', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { key: 'hush' } };
    expect(writeProgram([secret], options)).not.toContain('hush');
  });

  it('refuses an object that is there twice', () => {
    expect(() => writeProgram(tutorial, options)).toThrow(
      expect.objectContaining({ code: 'MIGRATE_TWICE', path: 'Canary test podinfo' }),
    );
  });

  it('refuses an object that is there in two versions', () => {
    const routes = ['v1', 'v1beta1'].map((version) =>
      bare(`gateway.networking.k8s.io/${version}`, 'Gateway'),
    );
    expect(() => writeProgram(routes, options)).toThrow(
      expect.objectContaining({ code: 'MIGRATE_TWICE', path: 'Gateway test shop' }),
    );
  });
});
