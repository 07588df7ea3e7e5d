import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';

const secret = { newrelic_account_id: '51312', newrelic_query_key: 'key-4711' };
const query = "SELECT percentage(count(*), WHERE response.code < 500) FROM Metric WHERE app = 'podinfo'";

function results(...found: unknown[]): Reply {
  return { body: JSON.stringify({ results: found }) };
}

metricConformance('newrelic', metricProviders.newrelic, {
  secret,
  context: { intervalMs: 60_000 },
  query,
  values: {
    'one result': [results({ result: 99.5 }), 99.5],
    nought: [results({ result: 0 }), 0],
  },
  empty: {
    'no result': results(),
    'several results': results({ result: 1 }, { result: 2 }),
    'a result of another function': results({ count: 7 }),
    'a quotient of nothing': results({ result: null }),
  },
  failures: {
    'a query that does not parse': [
      { status: 400, body: '{"error":"NRQL Syntax Error"}' },
      'error response: Status 400 Bad Request: {"error":"NRQL Syntax Error"}',
    ],
    'JSON of something else': [{ body: '{"ok":true}' }, 'expected results'],
  },
  online: results({ events: [] }),
  offline: { status: 403, body: '{"error":"invalid query key"}' },
});

async function urlOf(settings: Record<string, unknown> = {}, act: 'query' | 'online' = 'query') {
  return withVendor(results({ result: 1 }), async (context, vendor) => {
    const provider = metricProviders.newrelic({ ...context, secret, intervalMs: 90_000, ...settings });
    await provider[act](query);
    expect(vendor.received[0]!.headers['x-query-key']).toBe('key-4711');
    return new URL(vendor.received[0]!.url, vendor.address);
  });
}

test('a query is asked of the account, since one interval ago', async () => {
  const url = await urlOf();
  expect(url.pathname).toBe('/v1/accounts/51312/query');
  expect(url.searchParams.get('nrql')).toBe(`${query} SINCE 90 seconds ago`);
});

test('to be online is to answer a query of all metrics', async () => {
  const url = await urlOf({}, 'online');
  expect(url.searchParams.get('nrql')).toBe('SELECT * FROM Metric SINCE 90 seconds ago');
});

test.each([
  ['no account', { secret: { newrelic_query_key: 'key-4711' }, intervalMs: 60_000 }, 'newrelic_account_id'],
  ['no query key', { secret: { newrelic_account_id: '51312' }, intervalMs: 60_000 }, 'newrelic_query_key'],
  ['no interval', { secret }, 'error parsing metric interval'],
  [
    'an address without a scheme',
    { secret, intervalMs: 60_000, address: 'insights' },
    'newrelic address insights',
  ],
])('a template with %s is refused', async (_what, settings, message) => {
  const error = await failureOf(
    withVendor({ body: '' }, async (context) => metricProviders.newrelic({ ...context, ...settings })),
  );
  expect(error.message).toContain(message);
  expect(error.remedy).not.toBe('');
});
