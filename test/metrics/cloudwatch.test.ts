import { metricProviders } from '../../lib/metrics/registry.js';
import type { MetricProviderContext } from '../../lib/ports/metrics.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';

const query = JSON.stringify([
  { Id: 'e1', Expression: 'm1 / m2', Label: 'ErrorRate' },
  {
    id: 'm1',
    metricStat: {
      metric: {
        namespace: 'App',
        metricName: 'Errors',
        dimensions: [{ name: 'appName', value: 'podinfo.test' }],
      },
      period: 60,
      stat: 'Sum',
    },
    returnData: false,
  },
]);

function results(...values: unknown[]): Reply {
  return {
    body: JSON.stringify({ MetricDataResults: values.map((found) => ({ Id: 'e1', Values: found })) }),
  };
}

const invalid: Reply = {
  status: 400,
  body: '{"__type":"com.amazonaws.cloudwatch#ValidationError","message":"The parameter MetricDataQueries is required."}',
};

const environment = { ...process.env };

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret-4711';
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
});

afterAll(() => {
  process.env = environment;
});

/** CloudWatch has no address in the template: the SDK's own variable names one. */
function lead({ address }: MetricProviderContext): Partial<MetricProviderContext> {
  process.env.AWS_ENDPOINT_URL_CLOUDWATCH = address;
  return { address: '' };
}

const context = { region: 'eu-west-1', intervalMs: 60_000 };

metricConformance('cloudwatch', metricProviders.cloudwatch, {
  context,
  lead,
  query,
  values: {
    'the first value': [results([0.25, 7]), 0.25],
    'the first of several results': [results([1], [2]), 1],
    nought: [results([0]), 0],
  },
  empty: {
    'no result': results(),
    'a result without values': results([]),
    'a quotient of nothing': results(['NaN']),
  },
  failures: {
    'a query that CloudWatch refuses': [
      invalid,
      /^error response: Status 400 Bad Request: .*MetricDataQueries/,
    ],
    'a role that may not': [
      { status: 403, body: '{"__type":"AccessDenied","message":"not authorized"}' },
      /^error response: Status 403 Forbidden: .*not authorized/,
    ],
    'JSON of something else': [{ body: '{"ok":true}' }, 'expected MetricDataResults'],
  },
  online: invalid,
  offline: { status: 403, body: '{"__type":"InvalidClientTokenId"}' },
});

async function requestFor(act: 'query' | 'online', reply: Reply) {
  return withVendor(reply, async (base, vendor) => {
    await metricProviders.cloudwatch({ ...base, ...context, ...lead(base) })[act](query);
    return vendor.received[0]!;
  });
}

test('a query asks for at most twenty points of ten intervals, signed for the region', async () => {
  const { headers, body } = await requestFor('query', results([1]));
  expect(headers['x-amz-target']).toBe('GraniteServiceVersion20100801.GetMetricData');
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/monitoring\/aws4_request, SignedHeaders=.*host/,
  );
  expect(JSON.parse(body)).toEqual({
    StartTime: 1_699_999_400,
    EndTime: 1_700_000_000,
    MaxDatapoints: 20,
    MetricDataQueries: [
      { Id: 'e1', Expression: 'm1 / m2', Label: 'ErrorRate' },
      {
        Id: 'm1',
        MetricStat: {
          Metric: {
            Namespace: 'App',
            MetricName: 'Errors',
            Dimensions: [{ Name: 'appName', Value: 'podinfo.test' }],
          },
          Period: 60,
          Stat: 'Sum',
        },
        ReturnData: false,
      },
    ],
  });
});

test('to be online is to refuse a request without a query', async () => {
  expect(JSON.parse((await requestFor('online', invalid)).body).MetricDataQueries).toEqual([]);
});

test('a server that fails is asked three times more', async () => {
  let requests = 0;
  const value = await withVendor(
    () => (++requests < 4 ? { status: 503, body: '{}' } : results([3])),
    (base) => metricProviders.cloudwatch({ ...base, ...context, ...lead(base) }).query(query),
  );
  expect(value).toEqual({ kind: 'value', value: 3 });
});

test('a machine without AWS credentials is told so', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null';
  process.env.AWS_CONFIG_FILE = '/dev/null';
  const error = await failureOf(requestFor('query', results([1])));
  expect(error.code).toBe('METRIC_CREDENTIALS');
  expect(error.message).toContain('cloudwatch credentials: expected some in AWS’s chain');
});

test.each([
  ['no region', { intervalMs: 60_000 }, query, 'expected an AWS region, given none'],
  ['no interval', { region: 'eu-west-1' }, query, 'error parsing metric interval'],
  ['a query that is no JSON', context, 'm1 / m2', 'expected a JSON array of metric data queries'],
  [
    'a query that is no array',
    context,
    '{"Id":"e1"}',
    'expected a JSON array of metric data queries, given a object',
  ],
])('a template with %s is refused', async (_what, settings, text, message) => {
  const error = await failureOf(
    withVendor(results([1]), async (base) =>
      metricProviders.cloudwatch({ ...base, ...lead(base), ...settings }).query(text),
    ),
  );
  expect(error.message).toContain(message);
});
