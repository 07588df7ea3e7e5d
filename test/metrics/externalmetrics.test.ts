import { readQuantity } from '../../lib/metrics/externalmetrics/quantity.js';
import { metricProviders } from '../../lib/metrics/registry.js';
import { ApiError, type Cluster } from '../../lib/ports/cluster.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import { type Reply, TestHttp } from '../conformance/vendor.js';
import { MemoryCluster } from '../engine/memoryCluster.js';
import { VirtualClock } from '../engine/virtualClock.js';

const secret = { token: 'tok-4711' };
const query = 'test/queue-length?labelSelector=app%3Dpodinfo%2Ctier%20in%20%28a%2Cb%29';

function list(...values: unknown[]): Reply {
  const items = values.map((value) => ({ metricName: 'queue-length', metricLabels: {}, value }));
  return {
    body: JSON.stringify({
      kind: 'ExternalMetricValueList',
      apiVersion: 'external.metrics.k8s.io/v1beta1',
      items,
    }),
  };
}

metricConformance('externalmetrics', metricProviders.externalmetrics, {
  secret,
  query,
  values: {
    'a whole number': [list('7'), 7],
    thousandths: [list('1500m'), 1.5],
    'the first of several': [list('1', '2'), 1],
    nought: [list('0'), 0],
  },
  empty: { 'no item': list() },
  failures: {
    'a metric that is not there': [
      { status: 404, body: '{"kind":"Status","reason":"NotFound"}' },
      /^error response: Status 404 Not Found/,
    ],
    'a value that is no quantity': [list('lots'), 'expected a quantity such as 1500m'],
    'JSON of something else': [{ body: '{"ok":true}' }, 'expected a list of external metrics'],
  },
  online: list('1'),
  offline: { status: 503, body: '{"reason":"ServiceUnavailable"}' },
});

test('a metric is asked for by its namespace, its name and the selector', async () => {
  await withVendor(list('1'), async (context, vendor) => {
    const provider = metricProviders.externalmetrics({ ...context, secret, insecureSkipVerify: true });
    await provider.query(query);
    await provider.query('queue-length');
    await provider.online();
    const [first, ...others] = vendor.received;
    const { pathname, searchParams } = new URL(first!.url, vendor.address);
    expect(pathname).toBe('/apis/external.metrics.k8s.io/v1beta1/namespaces/test/queue-length');
    expect(searchParams.get('labelSelector')).toBe('app=podinfo,tier in (a,b)');
    expect(first!.headers.authorization).toBe('Bearer tok-4711');
    expect(others.map(({ url }) => url)).toEqual([
      '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue-length',
      '/apis/external.metrics.k8s.io/v1beta1/namespaces/kube-system/dummy-metric',
    ]);
    expect(context.http.unverified).toEqual([true, true, true]);
  });
});

/** The controller's cluster, whose adapter answers so. */
function clusterWith(read: NonNullable<Cluster['read']>): Cluster {
  return Object.assign(new MemoryCluster(), { read });
}

function athome(cluster: Cluster | undefined) {
  return withVendor({ body: '' }, (context) =>
    metricProviders
      .externalmetrics({ ...context, address: '', ...(cluster ? { cluster } : {}) })
      .query(query),
  );
}

test('without an address it is the controller’s own cluster', async () => {
  const cluster = clusterWith(async (path) => {
    expect(path).toMatch(
      /^\/apis\/external.metrics.k8s.io\/v1beta1\/namespaces\/test\/queue-length\?labelSelector=/,
    );
    return JSON.parse(list('2500m').body);
  });
  expect(await athome(cluster)).toEqual({ kind: 'value', value: 2.5 });
});

test.each([
  [
    'a cluster that forbids it',
    clusterWith(async () => Promise.reject(new ApiError(403, 'Forbidden', 'cannot list'))),
    'error querying external metrics API: cannot list',
  ],
  ['a cluster of stored objects only', new MemoryCluster(), 'expected a Kubernetes cluster'],
  ['no cluster', undefined, 'expected a Kubernetes cluster'],
])('%s is an error', async (_what, cluster, message) => {
  const error = await failureOf(athome(cluster));
  expect(error.code).toBe('METRIC_CLUSTER');
  expect(error.message).toContain(message);
});

test.each([0, 429, 503])(
  'a cluster that answers %d is waited for, as every metrics server is',
  async (status) => {
    const cluster = clusterWith(async () => Promise.reject(new ApiError(status, '', 'not now')));
    const error = await failureOf(athome(cluster));
    expect(error.code).toBe('METRIC_BUSY');
    expect(error.message).toBe('error querying external metrics API: not now');
  },
);

test('a cluster that does not answer is waited for five seconds', async () => {
  const clock = new VirtualClock();
  const cluster = clusterWith(() => new Promise(() => {}));
  const failure = failureOf(
    metricProviders.externalmetrics({ http: new TestHttp(), clock, address: '', cluster }).query(query),
  );
  await clock.advance(5_000);
  expect((await failure).message).toBe('error querying external metrics API: no answer within 5000 ms');
});

test.each(['', 'a/b/c', 'test/', 'two words'])('the query "%s" is refused', async (text) => {
  const error = await failureOf(
    withVendor(list('1'), (context) => metricProviders.externalmetrics(context).query(text)),
  );
  expect(error.message).toContain('expected <namespace>/<metric>');
});

test('a token without an address to show it to is refused', async () => {
  const error = await failureOf(
    withVendor(list('1'), async (context) =>
      metricProviders.externalmetrics({ ...context, address: '', secret }),
    ),
  );
  expect(error.code).toBe('METRIC_ADDRESS');
});

test.each([
  ['0', 0],
  ['-1.5', -1.5],
  ['250m', 0.25],
  ['7u', 7e-6],
  ['3n', 3e-9],
  ['2k', 2000],
  ['1.5M', 1.5e6],
  ['2Ki', 2048],
  ['1e3', 1000],
  ['12E-1', 1.2],
  ['1E', 1e18],
  ['', undefined],
  ['1kB', undefined],
  ['NaN', undefined],
])('the quantity %s is %s', (text, value) => {
  expect(readQuantity(text)).toBe(value);
});
