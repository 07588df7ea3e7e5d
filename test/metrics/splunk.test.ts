import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';

const secret = { sf_token_key: 'token-4711' };
const query = "data('demo.trans.count', filter=filter('app', 'podinfo')).sum().publish()";

function event(name: string, data: unknown): string {
  // As Splunk writes them: over several lines, each with its field’s name.
  const lines = JSON.stringify(data, undefined, 2).split('\n');
  return `event: ${name}\n${lines.map((line) => `data: ${line}\n`).join('')}\n`;
}

function stream(...messages: readonly (readonly [tsId: string, value: unknown][])[]): Reply {
  const data = messages.map((points, index) =>
    event('data', {
      data: points.map(([tsId, value]) => ({ tsId, value })),
      logicalTimestampMs: 1_461_353_198_000 + index,
    }),
  );
  const start = event('control-message', { event: 'STREAM_START', timestampMs: 1 });
  const metadata = event('metadata', { properties: { sf_metric: 'x' }, tsId: 'AAAA' });
  return { body: [start, metadata, ...data, event('control-message', { event: 'END_OF_CHANNEL' })].join('') };
}

metricConformance('splunk', metricProviders.splunk, {
  secret,
  context: { intervalMs: 60_000 },
  query,
  values: {
    'the last value': [stream([['AAAA', 1]], [['AAAA', 2.5]]), 2.5],
    'the last that is none of null': [stream([['AAAA', 7]], [['AAAA', null]]), 7],
    nought: [stream([['AAAA', 0]]), 0],
  },
  empty: {
    'a stream without data': stream(),
    'data without points': stream([]),
    'points without values': stream([['AAAA', null]]),
    'a quotient of nothing': stream([['AAAA', 'NaN']]),
  },
  failures: {
    'several series': [
      stream([
        ['AAAA', 1],
        ['BBBB', 1],
      ]),
      'query returned multiple values',
    ],
    'a program that does not compile': [
      {
        status: 400,
        body: '{"code":400,"message":"Unexpected token","errorType":"ANALYTICS_PROGRAM_NAME_ERROR"}',
      },
      /^error response: Status 400 Bad Request: .*Unexpected token/,
    ],
    'a program that fails on the way': [
      { body: event('error', { message: 'Failed to execute', errors: [] }) },
      /^error executing query: .*Failed to execute/s,
    ],
    'a stream that is broken off': [
      { body: event('control-message', { event: 'CHANNEL_ABORT', abortInfo: { reason: 'limit' } }) },
      /^error executing query: .*CHANNEL_ABORT/s,
    ],
    'a text for a value': [stream([['AAAA', 'lots']]), 'expected values that are numbers'],
    'data that is no JSON': [{ body: 'event: data\ndata: {oops\n\n' }, 'expected JSON, given'],
  },
  online: { body: '{"count":1,"results":[]}' },
  offline: { status: 401, body: '{"message":"Unauthorized"}' },
});

test('a program is run at once over ten intervals, with the Secret’s token', async () => {
  await withVendor(stream([['AAAA', 1]]), async (context, vendor) => {
    await metricProviders.splunk({ ...context, secret, intervalMs: 90_000 }).query(query);
    const { method, url, headers, body } = vendor.received[0]!;
    const { pathname, searchParams } = new URL(url, vendor.address);
    expect([method, pathname, body]).toEqual(['POST', '/v2/signalflow/execute', query]);
    expect(Object.fromEntries(searchParams)).toEqual({
      start: '1699999100000',
      stop: '1700000000000',
      immediate: 'true',
    });
    expect(headers['x-sf-token']).toBe('token-4711');
  });
});

test.each([
  'https://api.us1.signalfx.com',
  'https://stream.us1.signalfx.com/',
  'wss://stream.us1.signalfx.com',
])('of the realm of %s programs go to the one host, and all else to the other', async (address) => {
  const urls: string[] = [];
  const http = {
    request: async ({ url }: { url: string }) => {
      urls.push(url.split('?')[0]!);
      return { status: 200, headers: {}, ...stream([['AAAA', 1]]) };
    },
  };
  await withVendor({ body: '' }, async (context) => {
    const provider = metricProviders.splunk({
      ...context,
      http: http as never,
      address,
      secret,
      intervalMs: 1,
    });
    await provider.query(query);
    await provider.online();
  });
  expect(urls).toEqual([
    'https://stream.us1.signalfx.com/v2/signalflow/execute',
    'https://api.us1.signalfx.com/v2/metric',
  ]);
});

test.each([
  [
    'no address',
    { address: '', secret, intervalMs: 1 },
    /address .* is not a valid URL: expected https:\/\/ or wss:/,
  ],
  ['a Secret without its key', { secret: {}, intervalMs: 1 }, 'does not contain sf_token_key'],
  ['no interval', { secret }, 'error parsing metric interval'],
])('a template with %s is refused', async (_what, settings, message) => {
  const error = await failureOf(
    withVendor({ body: '' }, async (context) => metricProviders.splunk({ ...context, ...settings })),
  );
  expect(error.message).toMatch(message);
});
