import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

const folder = join(__dirname, '../../examples');
const header = `# What main.ts writes, less the CRDs (perch crds prints them).
# After a change on purpose: UPDATE_EXPECTED=1 npx jest test/examples
`;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: never;
}

const written = new Map<string, Manifest[]>();

/** What an example writes; it is run once. */
function manifestsOf(example: string): Manifest[] {
  const manifests = written.get(example) ?? run(example);
  written.set(example, manifests);
  return manifests;
}

/** Runs a program as `cdk8s synth` would and reads what it wrote, in order. */
function run(example: string): Manifest[] {
  const output = mkdtempSync(join(tmpdir(), 'perch-example-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = output;
  try {
    jest.isolateModules(() => {
      require(join(folder, example, 'main.ts'));
    });
    const texts = readdirSync(output)
      .sort()
      .map((name) => readFileSync(join(output, name), 'utf8'));
    return texts.flatMap((text) => parse(text));
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(output, { recursive: true });
  }
}

function parse(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Manifest);
}

function byIdentity(manifests: readonly Manifest[]): Record<string, Manifest> {
  const identity = ({ kind, metadata }: Manifest) =>
    [kind, metadata.namespace, metadata.name].filter(Boolean).join(' ');
  return Object.fromEntries(manifests.map((manifest) => [identity(manifest), manifest]));
}

/** Those for Pulumi have no main.ts; test/pulumi runs them. */
const cdk8sExamples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.ts')));

describe.each(cdk8sExamples)('examples/%s', (example) => {
  const manifests = manifestsOf(example);

  test('writes what expected.yaml says', () => {
    const own = manifests.filter(({ kind }) => kind !== 'CustomResourceDefinition');
    const file = join(folder, example, 'expected.yaml');
    if (process.env.UPDATE_EXPECTED) {
      const documents = own.map((manifest) => stringify(manifest, { version: '1.1', lineWidth: 0 }));
      writeFileSync(file, header + documents.join('---\n'));
    }
    const expected = parse(readFileSync(file, 'utf8'));
    expect(byIdentity(own)).toEqual(byIdentity(expected));
    expect(Object.keys(byIdentity(own))).toEqual(Object.keys(byIdentity(expected)));
  });

  test('writes no object twice', () => {
    expect(Object.keys(byIdentity(manifests))).toHaveLength(manifests.length);
  });

  test('writes the three CRDs before the first object that needs them', () => {
    const kinds = manifests.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'CustomResourceDefinition')).toHaveLength(3);
    expect(kinds.lastIndexOf('CustomResourceDefinition')).toBeLessThan(kinds.indexOf('Canary'));
  });

  test('says what it shows', () => {
    expect(readFileSync(join(folder, example, 'README.md'), 'utf8')).toMatch(/^# /);
  });
});

describe('intent', () => {
  const specOf = (example: string, kind: string, name: string) => {
    const found = manifestsOf(example).filter(
      (manifest) => manifest.kind === kind && manifest.metadata.name === name,
    );
    expect(found).toHaveLength(1);
    return found[0]!.spec;
  };

  test('podinfo goes in steps of 5 to 50 percent, every ten seconds, and forgives nine checks', () => {
    expect(specOf('podinfo', 'Canary', 'podinfo')).toMatchObject({
      progressDeadlineSeconds: 60,
      analysis: { interval: '10s', threshold: 10, stepWeight: 5, maxWeight: 50 },
    });
  });

  test('podinfo is judged by errors and by latency', () => {
    expect(specOf('podinfo', 'Canary', 'podinfo')).toMatchObject({
      analysis: {
        metrics: [
          { name: 'request-success-rate', thresholdRange: { min: 99 } },
          { name: 'latency', thresholdRange: { max: 0.5 }, templateRef: { name: 'podinfo-latency' } },
        ],
      },
    });
  });

  test('podinfo is tested under the host that its Ingress serves', () => {
    expect(specOf('podinfo', 'Ingress', 'podinfo')).toMatchObject({
      rules: [{ host: 'podinfo.example.com' }],
    });
    expect(specOf('podinfo', 'Canary', 'podinfo')).toMatchObject({
      analysis: {
        webhooks: [
          { metadata: { cmd: "curl -sd 'test' http://podinfo-canary.test/token | grep token" } },
          { metadata: { cmd: expect.stringMatching(/^hey -z 1m -q 10 -c 2 -host podinfo\.example\.com /) } },
        ],
      },
    });
  });

  test('minimal takes no more than twenty lines', () => {
    const lines = readFileSync(join(folder, 'minimal/main.ts'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
  });

  test('existing-deployment writes no Deployment of the Ingress controller', () => {
    const deployments = manifestsOf('existing-deployment').filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name)).not.toContain('ingress-nginx-controller');
  });

  test('existing-prometheus asks for the renamed label too', () => {
    expect(specOf('existing-prometheus', 'MetricTemplate', 'podinfo-success-rate')).toMatchObject({
      provider: { address: 'http://prometheus.monitoring:9090' },
      query: expect.stringContaining('exported_namespace="{{ namespace }}"'),
    });
  });
});
