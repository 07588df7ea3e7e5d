// The API server that KUBECONFIG names, and the virtual one, are given the same canaries. `npm run e2e` runs it, with the
// CRDs there and no controller of canaries; `npm test` does not.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type AlertProvider, AlertProviders } from '../../lib/api/alertProvider.js';
import { Canaries, type Canary } from '../../lib/api/canary.js';
import { flaggerCrds } from '../../lib/api/crds.js';
import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import { type MetricTemplate, MetricTemplates } from '../../lib/api/metricTemplate.js';
import type { KubeCluster } from '../../lib/kube/cluster.js';
import { connect } from '../../lib/kube/connect.js';
import { ApiError, type Cluster } from '../../lib/ports/cluster.js';
import { createWorld } from '../../lib/sim/world.js';
import { canaryWith, readManifests } from '../api/fixtures/manifests.js';
import { refusedAnalyses, refusedSpecs } from '../api/fixtures/refused.js';
import { sampleSpecs } from '../api/fixtures/specs.js';
import { Namespaces } from '../clusterKinds.js';

const kinds: readonly Kind[] = [Canaries, MetricTemplates, AlertProviders];
const namespace = `conformance-${randomUUID().slice(0, 8)}`;
const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
const world = createWorld();
let real: KubeCluster;
let created = 0;

beforeAll(async () => {
  real = await connect({ version: 'conformance', kubeconfig: process.env.KUBECONFIG ?? '', qps: -1 });
  await real.create(Namespaces, place);
  world.apply([...flaggerCrds(), place]);
});
afterAll(async () => {
  await real.delete(Namespaces, { namespace: '', name: namespace });
  await real.close();
});

/** What is stored of the object, or why nothing is. */
async function outcome(cluster: Cluster, kind: Kind, object: KubeObject): Promise<unknown> {
  try {
    const { spec } = (await cluster.create(kind, object)) as KubeObject & { spec?: unknown };
    return { spec };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${error.message}`;
  }
}

async function outcomes(given: KubeObject): Promise<{ real: unknown; virtual: unknown }> {
  const kind = kinds.find((one) => one.kind === given.kind)!;
  const { labels, annotations } = given.metadata;
  const name = `object-${++created}`;
  const metadata = { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) };
  const object = { ...given, metadata };
  return { real: await outcome(real, kind, object), virtual: await outcome(world.cluster, kind, object) };
}

function examples(): KubeObject[] {
  const folder = join(__dirname, '../../examples');
  const files = readdirSync(folder).map((name) => join(folder, name, 'expected.yaml'));
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  const objects = texts.flatMap((text) => parseAllDocuments(text).map((one) => one.toJS() as KubeObject));
  return objects.filter(({ kind }) => kinds.some((one) => one.kind === kind));
}

const fixtures = [...readManifests('tutorial.yaml'), ...readManifests('everything.yaml')];
const ours = (fixtures as unknown as (Canary | MetricTemplate | AlertProvider)[]).filter(({ kind }) =>
  kinds.some((one) => one.kind === kind),
);

const refused: (readonly [Canary, string])[] = [
  ...refusedSpecs.map(([spec, complaint]) => [canaryWith({}, spec), complaint] as const),
  [
    canaryWith({ interval: 10, maxWeight: 150 }, { provider: 'istio' }),
    'some validation rules were not checked',
  ],
  [
    canaryWith({ interval: '1h', maxWeight: 150 }, { provider: 'istio' }),
    'analysis.maxWeight: expected at most 100',
  ],
  ...refusedAnalyses.map(([analysis, complaint]) => [canaryWith(analysis), complaint] as const),
];

describe('an API server with the CRDs', () => {
  it('takes every object of the examples and of the fixtures, and stores what the virtual one does', async () => {
    for (const object of [...examples(), ...ours]) {
      const { real: stored, virtual } = await outcomes(object);
      expect(stored).toEqual({ spec: expect.anything() });
      expect(virtual).toEqual(stored);
    }
  });

  it.each(refused)('refuses %j: %s', async (canary, complaint) => {
    const { real: answer, virtual } = await outcomes(canary);
    expect(answer).toContain(complaint);
    expect(virtual).toEqual(answer);
  });

  it('judges by the CEL rules as the virtual one does', async () => {
    const both: { real: unknown; virtual: unknown }[] = [];
    for (const spec of sampleSpecs(400)) both.push(await outcomes({ ...canaryWith(), spec } as Canary));
    expect(both.map(({ virtual }) => virtual)).toEqual(both.map((one) => one.real));
    expect(new Set(both.map((one) => typeof one.real))).toEqual(new Set(['string', 'object']));
  });
});
