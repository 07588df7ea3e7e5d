import { Analyses, KeptnMetrics } from '../../lib/metrics/keptn/kinds.js';
import { metricProviders } from '../../lib/metrics/registry.js';
import { ApiError } from '../../lib/ports/cluster.js';
import type { MetricProviderContext } from '../../lib/ports/metrics.js';
import { failureOf } from '../conformance/metrics.js';
import { TestHttp } from '../conformance/vendor.js';
import { MemoryCluster } from '../engine/memoryCluster.js';
import { settle, VirtualClock } from '../engine/virtualClock.js';

let cluster: MemoryCluster;
let clock: VirtualClock;
let context: MetricProviderContext;

beforeEach(() => {
  cluster = new MemoryCluster();
  clock = new VirtualClock();
  context = { http: new TestHttp(), clock, address: '', cluster };
});

function ask(query: string) {
  return metricProviders.keptn(context).query(query);
}

function seedMetric(status?: { value?: string }): void {
  cluster.seed(KeptnMetrics, {
    metadata: { namespace: 'test', name: 'latency' },
    ...(status ? { status } : {}),
  });
}

test.each([
  ['100', 100],
  ['0.25', 0.25],
  ['1e-3', 0.001],
  ['0', 0],
  ['+Inf', Number.POSITIVE_INFINITY],
])('a KeptnMetric whose value is %s has that value', async (value, number) => {
  seedMetric({ value });
  expect(await ask('keptnmetric/test/latency')).toEqual({ kind: 'value', value: number });
  expect(await ask('\nKeptnMetrics/Test/Latency\n')).toEqual({ kind: 'value', value: number });
});

test.each([
  ['no status', undefined],
  ['a status without a value', {}],
  ['an empty value', { value: '' }],
  ['a quotient of nothing', { value: 'NaN' }],
])('a KeptnMetric with %s is no data', async (_what, status) => {
  seedMetric(status);
  expect(await ask('keptnmetric/test/latency')).toEqual({
    kind: 'noData',
    detail: 'could not retrieve KeptnMetric test/latency: no values found',
  });
});

test('a value that is no number, a metric that is not there and a right that is missing are errors', async () => {
  seedMetric({ value: 'lots' });
  expect((await failureOf(ask('keptnmetric/test/latency'))).message).toContain(
    'expected a number, given lots',
  );
  expect((await failureOf(ask('keptnmetric/test/other'))).message).toMatch(
    /^could not retrieve KeptnMetric test\/other: .*not found/,
  );
  cluster.refuse = () => new ApiError(403, 'Forbidden', 'cannot get resource "keptnmetrics"');
  const error = await failureOf(ask('keptnmetric/test/latency'));
  expect(error.code).toBe('METRIC_CLUSTER');
  expect(error.remedy).toContain('ClusterRole');
  cluster.refuse = () => new ApiError(0, '', 'connect ECONNREFUSED');
  expect((await failureOf(ask('keptnmetric/test/latency'))).code).toBe('METRIC_BUSY');
});

test.each([
  [true, 1],
  [false, 0],
  [undefined, 0],
])('an Analysis whose pass is %s is worth %s, and is gone afterwards', async (pass, value) => {
  const answer = ask('analysis/test/quality/5m/Team=A;odd;svc=podinfo');
  await clock.advance(2500);
  const [made] = cluster.all(Analyses);
  expect(made!.metadata.name).toMatch(/^quality-[0-9a-z]{6}$/);
  expect(made!.spec).toEqual({
    analysisDefinition: { name: 'quality' },
    timeframe: { recent: '5m' },
    args: { team: 'a', svc: 'podinfo' },
  });
  cluster.edit(Analyses, 'test', made!.metadata.name!, (analysis) => {
    Object.assign(analysis, { status: { state: 'Completed', pass } });
  });
  await clock.advance(1000);
  expect(await answer).toEqual({ kind: 'value', value });
  expect(cluster.all(Analyses)).toEqual([]);
});

test('an Analysis that passed and cannot be deleted has passed', async () => {
  const answer = ask('analysis/test/quality');
  await settle();
  const [made] = cluster.all(Analyses);
  cluster.edit(Analyses, 'test', made!.metadata.name!, (analysis) => {
    Object.assign(analysis, { status: { state: 'Completed', pass: true } });
  });
  cluster.refuse = ({ verb }) =>
    verb === 'delete' ? new ApiError(403, 'Forbidden', 'cannot delete resource "analyses"') : undefined;
  await clock.advance(1000);
  expect(await answer).toEqual({ kind: 'value', value: 1 });
});

test('Analyses that are made in the same millisecond do not get in each other’s way', async () => {
  const answers = [1, 2, 3].map(() => ask('analysis/test/quality'));
  await settle();
  const made = cluster.all(Analyses);
  expect(new Set(made.map(({ metadata }) => metadata.name)).size).toBe(3);
  for (const { metadata } of made) {
    cluster.edit(Analyses, 'test', metadata.name!, (analysis) => {
      Object.assign(analysis, { status: { state: 'Completed', pass: true } });
    });
  }
  await clock.advance(2000);
  expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => ({ kind: 'value', value: 1 })));
  expect(cluster.all(Analyses)).toEqual([]);
});

test('an Analysis that names no time looks back one minute', async () => {
  const answer = failureOf(ask('analyses/test/quality'));
  await settle();
  expect(cluster.all(Analyses)[0]!.spec.timeframe).toEqual({ recent: '1m' });
  await clock.advance(10_000);
  expect((await answer).message).toContain(
    'encountered timeout while waiting for Keptn Analysis test/quality',
  );
  expect(cluster.all(Analyses)).toEqual([]);
});

test('an Analysis that cannot be made says so', async () => {
  cluster.refuse = ({ verb }) =>
    verb === 'create' ? new ApiError(403, 'Forbidden', 'cannot create resource "analyses"') : undefined;
  const error = await failureOf(ask('analysis/test/quality'));
  expect(error.message).toBe(
    'could not create Keptn Analysis test/quality: cannot create resource "analyses"',
  );
});

test('it is always online, and nowhere without a cluster', async () => {
  await expect(metricProviders.keptn(context).online()).resolves.toBeUndefined();
  const { cluster: _none, ...homeless } = context;
  expect((await failureOf((async () => metricProviders.keptn(homeless))())).code).toBe('METRIC_CLUSTER');
});

test.each(['', 'latency', 'metric/test/latency', 'keptnmetric/test', 'analysis//quality'])(
  'the query "%s" is refused',
  async (text) => {
    const error = await failureOf((async () => ask(text))());
    expect(error.message).toContain('expected <keptnmetric|analysis>/<namespace>/<name>');
  },
);
