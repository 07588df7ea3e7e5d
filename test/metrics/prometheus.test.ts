import { escapeQuery } from '../../lib/metrics/queryEscape.js';
import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';
import fc from '../property.js';

function vector(...values: unknown[]): Reply {
  const result = values.map((value) => ({ metric: { name: 'x' }, value: [1_545_905_245.458, value] }));
  return success({ resultType: 'vector', result });
}

function success(data: unknown): Reply {
  return { body: JSON.stringify({ status: 'success', data }) };
}

metricConformance('prometheus', metricProviders.prometheus, {
  secret: { token: 'tok-4711' },
  query: 'sum(rate(x[1m]))',
  values: {
    'one series': [vector('100'), 100],
    'the last of several series': [vector('1', '2.5'), 2.5],
    'an exponent': [vector('1e-3'), 0.001],
    infinity: [vector('+Inf'), Number.POSITIVE_INFINITY],
    'minus infinity': [vector('-Inf'), Number.NEGATIVE_INFINITY],
  },
  empty: {
    'no series': vector(),
    'no result at all': success({ resultType: 'vector', result: null }),
    'a quotient of nothing': vector('NaN'),
  },
  failures: {
    'a query that does not parse': [
      { status: 400, body: '{"status":"error","errorType":"bad_data","error":"parse error"}' },
      'error response: Status 400 Bad Request: {"status":"error","errorType":"bad_data","error":"parse error"}',
    ],
    'wrong credentials': [
      { status: 401, body: 'Unauthorized' },
      'error response: Status 401 Unauthorized: Unauthorized',
    ],
    'a server that is not ready': [
      { status: 503, body: 'x'.repeat(5000) },
      /^error response: Status 503 .{600,700}…$/,
    ],
    'a status without a name': [{ status: 599, body: 'odd' }, 'error response: Status 599: odd'],
    'a range of values': [
      success({ resultType: 'matrix', result: [{ metric: {}, values: [[1, '1']] }] }),
      'query returned multiple values',
    ],
    'a scalar': [success({ resultType: 'scalar', result: [1, '1'] }), 'expected a vector, given a scalar'],
    'a value that is no number': [
      vector('lots'),
      'expected a value such as [1700000000, "0.5"], given [1545905245.458,"lots"]',
    ],
    'a page instead of JSON': [{ body: '<html>' }, 'expected JSON, given: <html>'],
    'JSON of something else': [{ body: '{"ok":true}' }, 'expected a vector, given no result: {"ok":true}'],
  },
  online: vector('1'),
  offline: vector('2'),
});

const one = vector('1');

async function requestFor(query: string, settings: Record<string, unknown> = {}, path = '') {
  return withVendor(one, async (context, vendor) => {
    const address = `${vendor.address}${path}`;
    await metricProviders.prometheus({ ...context, address, ...settings }).query(query);
    return vendor.received[0]!;
  });
}

test('a query is one GET below the address’s path, its white space collapsed', async () => {
  const { method, url } = await requestFor(
    '\n  sum(\n\trate(x{a="b c"}[1m])\n) * 100 ',
    {},
    '/select/0/prometheus/',
  );
  expect(method).toBe('GET');
  expect(url).toBe(
    '/select/0/prometheus/api/v1/query?query=+sum%28+rate%28x%7Ba%3D%22b+c%22%7D%5B1m%5D%29+%29+%2A+100+',
  );
});

test('any query arrives as it was', async () => {
  await fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (query) => {
      expect(new URLSearchParams(`query=${escapeQuery(query)}`).get('query')).toBe(query);
    }),
  );
});

test('a token is sent as bearer, without the line’s end that Secrets often have', async () => {
  const { headers } = await requestFor('x', {
    secret: { token: 'tok-4711\n', username: 'ann', password: 'pw' },
  });
  expect(headers.authorization).toBe('Bearer tok-4711');
});

test('username and password are sent as basic credentials', async () => {
  const { headers } = await requestFor('x', { secret: { username: 'ann', password: 'p:w' } });
  expect(headers.authorization).toBe(`Basic ${Buffer.from('ann:p:w').toString('base64')}`);
});

test('credentials within the address are sent as a header', async () => {
  const headers = await withVendor(one, async (context, vendor) => {
    const address = vendor.address.replace('//', '//ann:p%40%zz+w@');
    await metricProviders.prometheus({ ...context, address }).query('x');
    return vendor.received[0]!.headers;
  });
  expect(headers.authorization).toBe(`Basic ${Buffer.from('ann:p@%zz+w').toString('base64')}`);
});

test('the template’s headers are sent, every value of each, with every query anew', async () => {
  const received = await withVendor(one, async (context, vendor) => {
    const headers = { 'X-Scope-OrgID': ['team-a', 'team-b'], authorization: ['Custom abc'] };
    const provider = metricProviders.prometheus({ ...context, headers, secret: { token: 'tok-4711' } });
    await provider.query('x');
    await provider.query('y');
    return vendor.received;
  });
  for (const { headers } of received) {
    expect(headers['x-scope-orgid']).toBe('team-a, team-b');
    expect(headers.authorization).toBe('Bearer tok-4711');
  }
});

test('verification is skipped only when the template says so', async () => {
  await withVendor(one, async (context) => {
    await metricProviders.prometheus(context).query('x');
    await metricProviders.prometheus({ ...context, insecureSkipVerify: true }).query('x');
    expect(context.http.unverified).toEqual([false, true]);
  });
});

test('to be online is to answer vector(1) with 1', async () => {
  const url = await withVendor(one, async (context, vendor) => {
    await metricProviders.prometheus(context).online();
    return vendor.received[0]!.url;
  });
  expect(url).toBe('/api/v1/query?query=vector%281%29');
});

test.each([
  ['nothing', ''],
  ['a host without a scheme', 'prometheus:9090'],
  ['another scheme', 'ftp://ann:secret@prometheus'],
  ['no URL', 'http://'],
])('an address that is %s is refused, its password not repeated', async (_what, address) => {
  const error = await failureOf(
    withVendor(one, async (context) => metricProviders.prometheus({ ...context, address })),
  );
  expect(error).toMatchObject({
    code: 'METRIC_ADDRESS',
    message: expect.stringContaining('is not a valid URL'),
  });
  expect(error.message).not.toContain('secret');
});

test.each([
  [{}, 'prometheus credentials does not contain a username'],
  [{ username: 'ann' }, 'prometheus credentials does not contain a password'],
  [{ token: 'two\nlines' }, 'prometheus credentials: expected a token of printable characters'],
])('a Secret of %j is refused', async (secret, message) => {
  const error = await failureOf(
    withVendor(one, async (context) => metricProviders.prometheus({ ...context, secret })),
  );
  expect(error).toMatchObject({ code: 'METRIC_CREDENTIALS', message: expect.stringContaining(message) });
  expect(error.message).not.toContain('lines');
});
