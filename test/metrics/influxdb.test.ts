import { parseCsv } from '../../lib/metrics/influxdb/csv.js';
import { metricProviders } from '../../lib/metrics/registry.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Reply } from '../conformance/vendor.js';
import fc from '../property.js';

const secret = { token: 'tok-4711', org: 'acme-org' };
const query = 'from(bucket: "default") |> range(start: -2h) |> mean()';

/** As InfluxDB writes annotated CSV. */
function table(datatype: string, values: readonly string[], defaultValue = ''): Reply {
  const lines = [
    `#datatype,string,long,dateTime:RFC3339,${datatype},string`,
    '#group,false,false,true,false,true',
    `#default,_result,,,${defaultValue},`,
    ',result,table,_start,_value,host',
    ...values.map((value) => `,,0,2018-05-08T20:50:00Z,${value},"a ""b"", c"`),
  ];
  return { body: [...lines, '', ''].join('\r\n') };
}

metricConformance('influxdb', metricProviders.influxdb, {
  secret,
  query,
  values: {
    'a record': [table('double', ['15.43']), 15.43],
    'the first of several records': [table('double', ['1', '2']), 1],
    'the first of several tables': [
      { body: `${table('double', ['3']).body}${table('double', ['4']).body}` },
      3,
    ],
    'a whole number': [table('long', ['7']), 7],
    'a default value': [table('double', [''], '5.5'), 5.5],
    infinity: [table('double', ['+Inf']), Number.POSITIVE_INFINITY],
    'no record': [{ body: '\r\n' }, 0],
    'a table without records': [table('double', []), 0],
  },
  empty: {
    'a record without a value': table('double', ['']),
    'a quotient of nothing': table('double', ['NaN']),
  },
  failures: {
    'a query that does not compile': [
      { status: 400, body: '{"code":"invalid","message":"compilation failed"}' },
      'error response: Status 400 Bad Request: {"code":"invalid","message":"compilation failed"}',
    ],
    'a query that fails on the way': [
      {
        body: '#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,memory limit exceeded,897\r\n',
      },
      'the query failed: memory limit exceeded',
    ],
    'a text for a value': [table('string', ['lots']), 'expected _value to be a double, given a string'],
    'a record without that column': [
      {
        body: '#datatype,string,long\r\n#group,false,false\r\n#default,_result,\r\n,result,table\r\n,,0\r\n',
      },
      'expected a column _value, given result, table',
    ],
    'CSV with a quote that does not end': [{ body: '#datatype,"string' }, 'expected annotated CSV'],
  },
  online: table('double', ['1']),
  offline: { status: 401, body: '{"code":"unauthorized"}' },
});

async function requestFor(settings: Record<string, unknown>) {
  return withVendor(table('double', ['1']), async (context, vendor) => {
    await metricProviders.influxdb({ ...context, ...settings }).query(query);
    expect(context.http.timeoutsMs).toEqual([15_000]);
    return vendor.received[0]!;
  });
}

test('a query is posted as Flux, with the Secret’s organisation and token', async () => {
  const { method, url, headers, body } = await requestFor({ secret });
  expect([method, url]).toEqual(['POST', '/api/v2/query?org=acme-org']);
  expect(headers.authorization).toBe('Token tok-4711');
  expect(JSON.parse(body)).toMatchObject({ query, type: 'flux', dialect: { header: true, delimiter: ',' } });
});

test('without a Secret it is posted without credentials', async () => {
  const { url, headers } = await requestFor({});
  expect(url).toBe('/api/v2/query');
  expect(headers.authorization).toBeUndefined();
});

test('who has no bucket of the name default is online all the same', async () => {
  const body = '{"code":"not found","message":"failed to initialize execute state: could not find bucket"}';
  await withVendor({ status: 404, body }, async (context) => {
    await expect(metricProviders.influxdb({ ...context, secret }).online()).resolves.toBeUndefined();
  });
});

test.each([
  ['no address', { address: '' }, /address .* is not a valid URL/],
  ['a Secret without a token', { secret: { org: 'acme-org' } }, 'does not contain token'],
  ['a Secret without an organisation', { secret: { token: 'tok-4711' } }, 'does not contain org'],
])('a template with %s is refused', async (_what, settings, message) => {
  const error = await failureOf(
    withVendor({ body: '' }, async (context) => metricProviders.influxdb({ ...context, ...settings })),
  );
  expect(error.message).toMatch(message);
});

test('records come out of CSV as they were written into it', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\r\n', '\n', 'é') });
  const record = fc.array(cell, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), (records) => {
      const text = records
        .map((cells) => `${cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\r\n`)
        .join('');
      expect(parseCsv(text)).toEqual(records);
    }),
  );
});
