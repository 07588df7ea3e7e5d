import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';

const secret = { username: 'graphite-user', password: 'pass-4711' };
const query = 'target=summarize(\n  my.app,\n  "1min", "avg")&from=-2min';

function targets(...datapoints: unknown[]): Reply {
  return { body: JSON.stringify(datapoints.map((points) => ({ target: 'x', datapoints: points }))) };
}

metricConformance('graphite', metricProviders.graphite, {
  secret,
  query,
  values: {
    'the last point': [
      targets([
        [25, 1],
        [100, 2],
      ]),
      100,
    ],
    'the last point that has a value': [
      targets([
        [25, 1],
        [null, 2],
      ]),
      25,
    ],
    'the last of several targets': [targets([[1, 1]], [[2, 1]], [[null, 1]]), 2],
    'a number that is written as a text': [targets([['2.5', '1']]), 2.5],
    nought: [targets([[0, 1]]), 0],
  },
  empty: {
    'no target': targets(),
    'a target without points': targets([]),
    'points without values': targets([[null, 1]]),
    'a quotient of nothing': targets([['NaN', 1]]),
  },
  failures: {
    'a query that does not parse': [
      { status: 400, body: 'invalid template expression' },
      'error response: Status 400 Bad Request: invalid template expression',
    ],
    'a value that is no number': [targets([['lots', 1]]), 'expected points such as [0.5, 1700000000]'],
    'a value that is neither': [targets([[{}, 1]]), 'expected points such as [0.5, 1700000000]'],
    'JSON of something else': [{ body: '{"ok":true}' }, 'expected a list of targets'],
  },
  online: targets(),
  offline: { status: 500, body: 'no' },
});

async function requestFor(settings: Record<string, unknown>, act: 'query' | 'online' = 'query') {
  return withVendor(targets([[1, 1]]), async (context, vendor) => {
    const provider = metricProviders.graphite({ ...context, ...settings });
    await provider[act](query);
    return { ...vendor.received[0]!, unverified: context.http.unverified };
  });
}

test('a query is the one of the URL, its white space collapsed, asked for as JSON', async () => {
  const { url, headers, unverified } = await requestFor({});
  const { pathname, searchParams } = new URL(url, 'http://graphite');
  expect(pathname).toBe('/render');
  expect(Object.fromEntries(searchParams)).toEqual({
    target: 'summarize( my.app, "1min", "avg")',
    from: '-2min',
    format: 'json',
  });
  expect(headers.authorization).toBeUndefined();
  expect(unverified).toEqual([false]);
});

test('a Secret is sent as basic credentials, and verification skipped where the template says so', async () => {
  const { headers, unverified } = await requestFor({ secret, insecureSkipVerify: true });
  expect(headers.authorization).toBe(`Basic ${Buffer.from('graphite-user:pass-4711').toString('base64')}`);
  expect(unverified).toEqual([true]);
});

test('to be online is to render a target, there or not', async () => {
  const { url } = await requestFor({}, 'online');
  expect(url).toBe('/render?target=test&format=json');
});

test.each([
  ['no address', { address: '' }, /address .* is not a valid URL/],
  ['a Secret without a password', { secret: { username: 'graphite-user' } }, 'does not contain password'],
  ['a Secret without a username', { secret: { password: 'pass-4711' } }, 'does not contain username'],
])('a template with %s is refused', async (_what, settings, message) => {
  const error = await failureOf(
    withVendor({ body: '' }, async (context) => metricProviders.graphite({ ...context, ...settings })),
  );
  expect(error.message).toMatch(message);
});
