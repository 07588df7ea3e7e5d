import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';

const secret = { datadog_api_key: 'api-4711\n', datadog_application_key: 'app-4712' };
const query = 'avg:istio.mesh.request.count{status:500}.as_count()';

function series(...pointlists: unknown[]): Reply {
  return { body: JSON.stringify({ status: 'ok', series: pointlists.map((pointlist) => ({ pointlist })) }) };
}

metricConformance('datadog', metricProviders.datadog, {
  secret,
  context: { intervalMs: 60_000 },
  query,
  values: {
    'the oldest of several points': [
      series([
        [1_577_232_000_000, 29_325.1],
        [1_577_318_400_000, 74.5],
      ]),
      29_325.1,
    ],
    'the first of several series': [series([[1, 1]], [[1, 2]]), 1],
    'the first point that has a value': [
      series([
        [1, null],
        [2, 3],
      ]),
      3,
    ],
    nought: [series([[1, 0]]), 0],
  },
  empty: {
    'no series': series(),
    'a series without points': series([]),
    'a series of points without values': series([[1, null]]),
  },
  failures: {
    'keys that are wrong': [
      { status: 403, body: '{"errors":["Forbidden"]}' },
      'error response: Status 403 Forbidden: {"errors":["Forbidden"]}',
    ],
    'a query that does not parse': [
      { body: '{"status":"error","error":"Error parsing query"}' },
      'Error parsing query',
    ],
    'points that are no numbers': [series([[1, 'lots']]), 'expected points such as'],
  },
  online: { body: '{"valid":true}' },
  offline: { status: 403, body: '{"errors":["Forbidden"]}' },
});

test('a query asks for ten intervals until now, with both keys in headers', async () => {
  await withVendor(series([[1, 1]]), async (context, vendor) => {
    await metricProviders.datadog({ ...context, secret, intervalMs: 90_000 }).query(query);
    const { method, url, headers } = vendor.received[0]!;
    expect(method).toBe('GET');
    const { pathname, searchParams } = new URL(url, vendor.address);
    expect(pathname).toBe('/api/v1/query');
    expect(Object.fromEntries(searchParams)).toEqual({ query, from: '1699999100', to: '1700000000' });
    expect(headers).toMatchObject({ 'dd-api-key': 'api-4711', 'dd-application-key': 'app-4712' });
  });
});

test('to be online is to accept the keys', async () => {
  await withVendor({ body: '{"valid":true}' }, async (context, vendor) => {
    await metricProviders.datadog({ ...context, secret, intervalMs: 60_000 }).online();
    expect(vendor.received[0]!.url).toBe('/api/v1/validate');
  });
});

test('without an address it is Datadog’s US1 site', async () => {
  const urls: string[] = [];
  const http = {
    request: async ({ url }: { url: string }) => {
      urls.push(url);
      return { status: 200, headers: {}, body: '' };
    },
  };
  await withVendor({ body: '' }, async (context) => {
    await metricProviders.datadog({ ...context, http, address: '', secret, intervalMs: 60_000 }).online();
  });
  expect(urls).toEqual(['https://api.datadoghq.com/api/v1/validate']);
});

test.each([
  ['no Secret', { intervalMs: 60_000 }, 'datadog credentials does not contain datadog_api_key', 'secretRef'],
  [
    'a Secret with another key',
    { intervalMs: 60_000, secret: { datadog_api_key: 'api-4711', application_key: 'app-4712' } },
    'datadog credentials does not contain datadog_application_key: expected the key datadog_application_key in the Secret, given application_key, datadog_api_key',
    'secretRef',
  ],
  ['no interval', { secret }, 'error parsing metric interval', 'interval'],
])('a template with %s is refused', async (_what, settings, message, field) => {
  const error = await failureOf(
    withVendor({ body: '' }, async (context) => metricProviders.datadog({ ...context, ...settings })),
  );
  expect(error.message).toContain(message);
  expect(error.path).toContain(field);
  expect(error.message).not.toContain('4711');
});
