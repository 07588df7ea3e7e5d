import { readPlan } from '../../../lib/loadtester/load/plan.js';
import fc from '../../property.js';

const url = 'http://podinfo.test/';

test('an address alone is 10 requests a second for a minute', () => {
  const plan = readPlan({ url });
  expect(plan).toMatchObject({ method: 'GET', rate: 10, connections: 2, durationMs: 60_000, headers: {} });
  expect([199, 200, 302, 399, 400, 503].map(plan.expects)).toEqual([false, true, true, true, false, false]);
});

test('method, headers, host, body and the statuses hoped for are taken', () => {
  const plan = readPlan({
    ...{ url, method: 'POST', host: 'podinfo.example.com', body: '{}', expectedStatus: '201, 400-404' },
    headers: 'X-Version: canary\n  Content-Type: application/json\n',
  });
  expect(plan.headers).toEqual({
    'x-version': 'canary',
    'content-type': 'application/json',
    host: 'podinfo.example.com',
  });
  expect(plan.body).toBe('{}');
  expect([200, 201, 400, 404, 405].map(plan.expects)).toEqual([false, true, true, true, false]);
});

test.each([
  ['url', ''],
  ['url', 'podinfo.test'],
  ['url', 'file:///etc/passwd'],
  ['method', 'get'],
  ['method', 'CONNECT'],
  ['rate', '0'],
  ['rate', 'fast'],
  ['rate', ''],
  ['rate', '1e9'],
  ['connections', '1.5'],
  ['connections', '5000'],
  ['duration', '60'],
  ['duration', '0s'],
  ['headers', 'no colon'],
  ['headers', 'a b: c'],
  ['expectedStatus', '2xx'],
])('metadata.%s of %p is refused by its name', (key, value) => {
  expect(() => readPlan({ url, [key]: value })).toThrow(
    expect.objectContaining({ code: 'LOADTESTER_LOAD', path: `metadata.${key}` }),
  );
});

test('whatever is posted is a plan or is refused with a remedy', () => {
  const keys = [
    'url',
    'method',
    'headers',
    'host',
    'body',
    'rate',
    'connections',
    'duration',
    'expectedStatus',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.string()), fc.boolean(), (metadata, addressed) => {
      try {
        const plan = readPlan(addressed ? { ...metadata, url } : metadata);
        expect(plan.rate).toBeGreaterThan(0);
        expect(plan.durationMs).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({
          code: 'LOADTESTER_LOAD',
          remedy: expect.stringContaining('metadata.'),
        });
      }
    }),
  );
});
