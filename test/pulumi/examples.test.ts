import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../lib/api/kinds.js';
import * as perch from '../../lib/index.js';
import * as components from '../../lib/pulumi/index.js';
import { mockPulumi, withoutManners } from './program.js';

const examples = join(__dirname, '../../examples');
const { registered, settled } = mockPulumi();
const made: (pulumi.Resource & { resources: readonly pulumi.CustomResource[] })[] = [];

type Component = new (name: string, args: object) => (typeof made)[number];

/** The component in the construct's place: the same props, and Pulumi's resources instead of cdk8s's objects. */
function inPlaceOf(component: unknown, args: object = {}) {
  return class extends (component as Component) {
    constructor(_scope: unknown, id: string, props: object = {}) {
      super(id, { ...args, ...props });
      made.push(this);
    }
  };
}

/** Runs an example's cdk8s program with the components in the place of the constructs. */
async function run(example: string): Promise<KubeObject[]> {
  registered.length = 0;
  made.length = 0;
  const output = mkdtempSync(join(tmpdir(), 'perch-pulumi-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = output;
  try {
    jest.isolateModules(() => {
      jest.doMock('perch', () => ({
        ...perch,
        CanaryPlatform: inPlaceOf(components.CanaryPlatform),
        CanaryApp: inPlaceOf(components.CanaryApp, { wait: false }),
        CanaryRelease: inPlaceOf(components.CanaryRelease, { wait: false }),
      }));
      require(join(examples, example, 'main.ts'));
    });
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(output, { recursive: true });
  }
  await settled(made.flatMap(({ resources }) => resources));
  return registered.map(({ object }) => withoutManners(object));
}

function expected(example: string): KubeObject[] {
  const text = readFileSync(join(examples, example, 'expected.yaml'), 'utf8');
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as KubeObject);
}

function byIdentity(objects: readonly KubeObject[]): Record<string, KubeObject> {
  return Object.fromEntries(
    objects.map((object) => [
      [object.kind, object.metadata.namespace ?? '', object.metadata.name].join(' '),
      object,
    ]),
  );
}

/** What an example declares by cdk8s-plus beside perch, and goes on declaring so. */
const beside: Record<string, readonly string[]> = {
  'existing-deployment': ['Deployment shop web', 'HorizontalPodAutoscaler shop shop-web-scaler-c86e7789'],
};

const cdk8sExamples = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'main.ts')));

test.each(cdk8sExamples)(
  'the components register the very objects that the constructs of examples/%s synthesise',
  async (example) => {
    const objects = (await run(example)).filter(({ kind }) => kind !== 'CustomResourceDefinition');
    const wanted = byIdentity(expected(example));
    for (const name of beside[example] ?? []) delete wanted[name];
    expect(byIdentity(objects)).toEqual(wanted);
    expect(objects).toHaveLength(Object.keys(wanted).length);
  },
);

describe('examples for Pulumi', () => {
  /** Runs a program of the examples and lets its resources be registered. */
  async function runProgram(example: string): Promise<Record<string, KubeObject>> {
    registered.length = 0;
    jest.isolateModules(() => {
      jest.doMock('perch/pulumi', () => components);
      require(join(examples, example, 'index.ts'));
    });
    // A canary comes after all that it refers to.
    while (!registered.some(({ object }) => object.kind === 'Canary')) await new Promise(setImmediate);
    return byIdentity(registered.map(({ object }) => object));
  }

  test('pulumi-podinfo is a whole stack', async () => {
    const objects = await runProgram('pulumi-podinfo');
    expect(Object.keys(objects)).toEqual(
      expect.arrayContaining([
        'Namespace  test',
        'Deployment perch-system perch-controller',
        'Ingress test podinfo',
        'Canary test podinfo',
      ]),
    );
  });

  test('pulumi-existing releases the Deployment in the namespace that Pulumi names', async () => {
    const objects = await runProgram('pulumi-existing');
    const canary = Object.values(objects).find(({ kind }) => kind === 'Canary');
    expect(canary).toMatchObject({
      metadata: { namespace: 'shop-1a2b3c' },
      spec: { targetRef: { name: 'web' } },
    });
  });
});
