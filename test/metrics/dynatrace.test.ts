import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';

const secret = { dynatrace_token: 'dt0c01.4711' };
const query = 'builtin:service.errors.total.rate:filter(eq("dt.entity.service","SERVICE-1")):avg';

function series(...values: unknown[]): Reply {
  const data = values.map((found) => ({ dimensions: [], timestamps: [1], values: found }));
  return { body: JSON.stringify({ totalCount: 1, result: [{ metricId: query, data }] }) };
}

metricConformance('dynatrace', metricProviders.dynatrace, {
  secret,
  context: { intervalMs: 60_000 },
  query,
  values: {
    'one series': [series([0.25]), 0.25],
    'the last of several series': [series([1], [2]), 2],
    nought: [series([0]), 0],
  },
  empty: {
    'no result': { body: '{"totalCount":0,"result":[]}' },
    'no series': series(),
    'a series without values': series([]),
    'a series whose value is null': series([null]),
  },
  failures: {
    'a selector that does not parse': [
      { status: 400, body: '{"error":{"code":400,"message":"Constraints violated."}}' },
      'error response: Status 400 Bad Request: {"error":{"code":400,"message":"Constraints violated."}}',
    ],
    'a value that is no number': [series(['lots']), 'expected values that are numbers'],
    'JSON of something else': [{ body: '{"ok":true}' }, 'expected a result'],
  },
  online: { body: '{"totalCount":1}' },
  offline: { status: 401, body: '{"error":{"message":"Token Authentication failed"}}' },
});

async function requestFor(act: 'query' | 'online') {
  return withVendor(series([1]), async (context, vendor) => {
    await metricProviders.dynatrace({ ...context, secret, intervalMs: 90_000 })[act](query);
    return vendor.received[0]!;
  });
}

test('a query asks for one value of the ten intervals until now', async () => {
  const { method, url, headers } = await requestFor('query');
  const { pathname, searchParams } = new URL(url, 'https://dynatrace');
  expect([method, pathname]).toEqual(['GET', '/api/v2/metrics/query']);
  expect(Object.fromEntries(searchParams)).toEqual({
    metricSelector: query,
    resolution: 'Inf',
    from: '1699999100000',
    to: '1700000000000',
  });
  expect(headers.authorization).toBe('Api-Token dt0c01.4711');
});

test('to be online is to name a metric', async () => {
  expect((await requestFor('online')).url).toBe('/api/v2/metrics?pageSize=1');
});

test.each([
  ['no address', { address: '', secret, intervalMs: 60_000 }, /address .* is not a valid URL/],
  [
    'a Secret without its key',
    { secret: { token: 'x' }, intervalMs: 60_000 },
    'does not contain dynatrace_token',
  ],
  ['no interval', { secret }, 'error parsing metric interval'],
])('a template with %s is refused', async (_what, settings, message) => {
  const error = await failureOf(
    withVendor({ body: '' }, async (context) => metricProviders.dynatrace({ ...context, ...settings })),
  );
  expect(error.message).toMatch(message);
});
