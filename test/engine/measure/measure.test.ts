import type { CanaryMetric } from '../../../lib/api/canary.js';
import { PerchError } from '../../../lib/api/errors.js';
import { createMemo } from '../../../lib/api/memo.js';
import { type MetricTemplateSpec, MetricTemplates } from '../../../lib/api/metricTemplate.js';
import { type Secret, Secrets } from '../../../lib/api/workloads.js';
import { createCaches } from '../../../lib/engine/cache/caches.js';
import { createObjects } from '../../../lib/engine/cache/objects.js';
import { measure, metricsOnline } from '../../../lib/engine/measure/measure.js';
import { createOnlineChecks } from '../../../lib/engine/measure/onlineChecks.js';
import { createSharedQueries } from '../../../lib/engine/measure/sharedQueries.js';
import { queries } from '../../../lib/metrics/queries.js';
import type { Measurement, MetricProvider, MetricProviderContext } from '../../../lib/ports/metrics.js';
import { MemoryCluster } from '../memoryCluster.js';
import { VirtualClock } from '../virtualClock.js';
import { NAMESPACE, podinfoCanary } from '../world.js';

interface Setup {
  readonly says?: Measurement | Error | ((query: string) => Measurement | Error);
  readonly template?: Partial<MetricTemplateSpec>;
  readonly secret?: Secret['data'];
}

async function measuring({ says = { kind: 'value', value: 7 }, template, secret }: Setup = {}) {
  const cluster = new MemoryCluster();
  const clock = new VirtualClock();
  const http = { request: () => Promise.reject(new Error('no network')) };
  const log = { log: () => undefined };
  const caches = createCaches(
    { cluster, clock, log, random: { next: () => 0, uuid: () => '' } },
    '',
    () => undefined,
  );
  cluster.seed(MetricTemplates, {
    metadata: { name: 'latency', namespace: NAMESPACE },
    spec: {
      provider: { type: 'prometheus', address: 'http://prom:9090' },
      query: 'q({{ target }},{{ variables.x }},[{{ interval }}])',
      ...template,
    },
  });
  if (secret)
    cluster.seed(Secrets, { metadata: { name: 'credentials', namespace: NAMESPACE }, data: secret });
  await caches.ensure(MetricTemplates);
  let checks = 0;
  const asked: { query: string; context: MetricProviderContext }[] = [];
  const context = {
    objects: createObjects(cluster, caches),
    http,
    clock,
    queries,
    onlineChecks: createOnlineChecks(clock),
    sharedQueries: createSharedQueries(clock),
    metricsServers: createMemo<MetricProvider>(10),
    metricsServer: 'http://prometheus:9090',
    meshProvider: 'nginx',
    metricProviders: {
      prometheus: (given: MetricProviderContext) => ({
        query: async (query: string) => {
          asked.push({ query, context: given });
          const said = typeof says === 'function' ? says(query) : says;
          if (said instanceof Error) throw said;
          return said;
        },
        online: async () => {
          checks += 1;
          if (says instanceof Error) throw says;
        },
      }),
    },
  };
  const ask = (metric: CanaryMetric, source: 'builtin' | 'inline' | 'template') =>
    measure(context, podinfoCanary(), { type: 'metric', metric, source });
  return { ask, asked, context, clock, checks: () => checks };
}

const latency: CanaryMetric = {
  name: 'latency',
  templateRef: { name: 'latency' },
  templateVariables: { x: 'y' },
};
const credentials = { type: 'prometheus', secretRef: { name: 'credentials' } } as const;

describe('measuring', () => {
  it('a built-in metric asks the metrics server with the names of the canary and one minute', async () => {
    const { ask, asked } = await measuring();
    expect(await ask({ name: 'request-success-rate' }, 'builtin')).toEqual({ kind: 'value', value: 7 });
    expect(asked[0]?.context.address).toBe('http://prometheus:9090');
    expect(asked[0]?.query).toContain('ingress="podinfo"');
    expect(asked[0]?.query).toContain('[1m]');
  });

  it('a template asks its provider with its variables and the interval as it is written', async () => {
    const { ask, asked } = await measuring();
    await ask(latency, 'template');
    await ask({ ...latency, interval: '30s' }, 'template');
    expect(asked.map(({ query }) => query)).toEqual(['q(podinfo,y,[])', 'q(podinfo,y,[30s])']);
    expect(asked[1]?.context).toMatchObject({ address: 'http://prom:9090', intervalMs: 30_000 });
  });

  it('an inline query is a template too', async () => {
    const { ask, asked } = await measuring();
    await ask({ name: 'errors', query: 'sum(x{ns="{{ namespace }}"}[{{ interval }}])' }, 'inline');
    expect(asked[0]?.query).toBe('sum(x{ns="test"}[1m])');
  });

  it('gives a provider the decoded Secret of its template', async () => {
    const { ask, asked } = await measuring({
      template: { provider: credentials },
      secret: { token: Buffer.from('t0k').toString('base64') },
    });
    await ask(latency, 'template');
    expect(asked[0]?.context.secret).toEqual({ token: 't0k' });
  });

  it('says for which provider there are no values', async () => {
    const { ask } = await measuring({ says: { kind: 'noData', detail: 'no values found' } });
    expect(await ask({ name: 'request-duration' }, 'builtin')).toEqual({
      kind: 'noData',
      provider: 'nginx',
      detail: 'running query failed: no values found',
      diagnosis:
        'nothing scrapes ingress-nginx: the metrics server has no series nginx_ingress_controller_requests',
    });
  });

  it('says so when the scrape job has renamed the labels of the series', async () => {
    const known = ['count(nginx_ingress_controller_requests)', 'exported_namespace="test"'];
    const { ask } = await measuring({
      says: (query) =>
        known.some((part) => query.includes(part))
          ? { kind: 'value', value: 3 }
          : { kind: 'noData', detail: 'no values found' },
    });
    expect(await ask({ name: 'request-success-rate' }, 'builtin')).toMatchObject({
      diagnosis:
        'the label namespace has become exported_namespace: set honor_labels: true in the scrape job of ingress-nginx',
    });
  });

  it('says so when the metrics server goes away while the cause is looked for', async () => {
    const { ask } = await measuring({
      says: (query) =>
        query.includes('count(')
          ? new Error('connection reset')
          : { kind: 'noData', detail: 'no values found' },
    });
    expect(await ask({ name: 'request-success-rate' }, 'builtin')).toMatchObject({
      kind: 'noData',
      diagnosis: 'why is not known, as the metrics server no longer answers: connection reset',
    });
  });

  it.each([
    [{ name: 'request-success-rate' }, 'builtin', 'Prometheus query failed: running query failed: boom'],
    [{ name: 'errors', query: 'x' }, 'inline', 'Prometheus query failed for errors: boom'],
    [latency, 'template', 'Metric query failed for latency: boom'],
  ] as const)('a query of %j that fails is told as Flagger tells it', async (metric, source, text) => {
    const { ask } = await measuring({ says: new Error('boom') });
    expect(await ask(metric, source)).toEqual({ kind: 'error', text });
  });

  it.each([
    [
      'a template that is not there',
      {},
      { name: 'x', templateRef: { name: 'gone', namespace: 'far' } },
      'Metric template gone.far error: metrictemplates.flagger.app "gone" not found; correct the name, or create what it names',
    ],
    [
      'a Secret that is not there',
      { template: { provider: credentials } },
      latency,
      'Metric template latency.test secret credentials error: secrets "credentials" not found in namespace test; create the Secret in the namespace of the object that names it',
    ],
    [
      'a provider that is not known',
      { template: { provider: { type: 'datadog' } } },
      latency,
      'Metric template latency.test provider datadog error: expected a provider type of prometheus, got datadog; correct spec.provider.type of the MetricTemplate',
    ],
  ] as const)('%s is the whole event', async (_, setup, metric, text) => {
    const { ask } = await measuring(setup as Setup);
    expect(await ask(metric, 'template')).toEqual({ kind: 'error', text });
  });

  it('a template that does not render says which', async () => {
    const { ask } = await measuring({ template: { query: '{{ nonsense }}' } });
    expect(await ask(latency, 'template')).toMatchObject({
      kind: 'error',
      text: expect.stringMatching(/^Metric template latency\.test query render error: /),
    });
  });

  it.each([
    [
      'http://prom:9090',
      /boom; the metrics server cannot be reached: check spec\.provider\.address of .*latency\.test$/,
    ],
    ['', /boom; what has the metrics cannot be reached: it is asked again with the next check$/],
  ])('nobody who answers at the address "%s" is told with what there is to check', async (address, text) => {
    const says = new PerchError({ code: 'METRIC_BUSY', message: 'boom', remedy: 'wait' });
    const { ask } = await measuring({
      says,
      template: { query: 'q', provider: { type: 'prometheus', address } },
    });
    expect(await ask(latency, 'template')).toEqual({
      kind: 'error',
      unreachable: true,
      text: expect.stringMatching(text),
    });
  });

  it('an inline query that does not render is not asked, and the answer says where', async () => {
    const { ask, asked } = await measuring();
    expect(await ask({ name: 'errors', query: 'sum(x{{ nonsense }})' }, 'inline')).toMatchObject({
      kind: 'error',
      text: expect.stringMatching(/^Prometheus query failed for errors: .*nonsense/),
    });
    expect(asked).toEqual([]);
  });

  it('finds out whether all providers answer, and names the first that does not', async () => {
    const canary = podinfoCanary();
    expect(await metricsOnline((await measuring()).context, canary)).toEqual({ ok: true });
    const { context } = await measuring({ says: new Error('refused') });
    expect(await metricsOnline(context, canary)).toEqual({
      ok: false,
      error: 'prometheus not available: refused',
    });
    const custom = podinfoCanary({ metrics: [latency] });
    expect(await metricsOnline(context, custom)).toEqual({
      ok: false,
      error: 'prometheus in metric template latency.test not available: refused',
    });
  });

  it('asks a provider that hundreds of canaries name whether it answers once in 10 seconds', async () => {
    const { context, clock, checks } = await measuring({ says: new Error('refused') });
    const canary = podinfoCanary({ metrics: [{ name: 'request-duration' }] });
    const answers = await Promise.all(Array.from({ length: 500 }, () => metricsOnline(context, canary)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(checks()).toBe(1);
    await clock.advance(9_999);
    await metricsOnline(context, canary);
    expect(checks()).toBe(1);
    await clock.advance(1);
    await metricsOnline(context, canary);
    expect(checks()).toBe(2);
  });
});
