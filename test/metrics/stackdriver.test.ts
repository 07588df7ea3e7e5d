import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricProviders } from '../../lib/metrics/registry.js';
import type { Http } from '../../lib/ports/http.js';
import type { MetricProviderContext } from '../../lib/ports/metrics.js';
import { failureOf, metricConformance, withVendor } from '../conformance/metrics.js';
import type { Behaviour, Received, Reply } from '../conformance/vendor.js';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const serviceAccount = {
  type: 'service_account',
  project_id: 'project-of-the-key',
  private_key_id: 'key-4711',
  private_key: privateKey,
  client_email: 'perch@example.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const secret = { project: 'shop-4712', serviceAccountKey: JSON.stringify(serviceAccount) };
const query = 'fetch k8s_container | metric logging.googleapis.com/user/errors | every 1m';

function series(...found: unknown[]): Reply {
  const timeSeriesData = found.map((values) => ({ pointData: [{ values }] }));
  return { body: JSON.stringify({ timeSeriesDescriptor: {}, timeSeriesData }) };
}

const invalid: Reply = {
  status: 400,
  body: '{"error":{"code":400,"message":"Request was missing field query.","status":"INVALID_ARGUMENT"}}',
};

/** Google's servers have no address in the template: what goes to them goes to this machine instead. */
function lead({ http, address }: MetricProviderContext): { http: Http } {
  return {
    http: {
      request: (request) => {
        const { host, pathname, search } = new URL(request.url);
        expect(host).toMatch(/^(oauth2|monitoring)\.googleapis\.com$/);
        return http.request({ ...request, url: `${address}${pathname}${search}` });
      },
    },
  };
}

function around(reply: Behaviour): Behaviour {
  return (request) =>
    request.url.startsWith('/token')
      ? { body: '{"access_token":"ya29.4713","expires_in":3600,"token_type":"Bearer"}' }
      : reply(request);
}

metricConformance('stackdriver', metricProviders.stackdriver, {
  secret,
  lead,
  around,
  query,
  values: {
    'the newest point': [series([{ doubleValue: 0.25 }]), 0.25],
    'the first of several series': [series([{ doubleValue: 1 }], [{ doubleValue: 2 }]), 1],
    'a whole number': [series([{ int64Value: '7' }]), 7],
    nought: [series([{ doubleValue: 0 }]), 0],
  },
  empty: {
    'no series': { body: '{}' },
    'a series without points': { body: '{"timeSeriesData":[{"pointData":[]}]}' },
    'a point without values': series([]),
    'a quotient of nothing': series([{ doubleValue: 'NaN' }]),
  },
  failures: {
    'a query that does not parse': [invalid, /^error response: Status 400 Bad Request: .*INVALID_ARGUMENT/],
    'an account that may not': [
      { status: 403, body: '{"error":{"status":"PERMISSION_DENIED"}}' },
      /^error response: Status 403 Forbidden: .*PERMISSION_DENIED/,
    ],
    'a text for a value': [series([{ stringValue: 'lots' }]), 'expected a point with a doubleValue'],
  },
  online: invalid,
  offline: { status: 403, body: '{"error":{"status":"PERMISSION_DENIED"}}' },
});

async function requestsFor(act: 'query' | 'online', settings: Record<string, unknown>, reply: Reply) {
  return withVendor(
    around(() => reply),
    async (base, vendor): Promise<readonly Received[]> => {
      await metricProviders.stackdriver({ ...base, ...lead(base), ...settings })[act](query);
      return vendor.received;
    },
  );
}

test('a query is posted to the project with a token that the Secret’s key has signed for', async () => {
  const [token, asked] = await requestsFor('query', { secret }, series([{ doubleValue: 1 }]));
  const assertion = new URLSearchParams(token!.body).get('assertion')!;
  const claims = JSON.parse(Buffer.from(assertion.split('.')[1]!, 'base64url').toString());
  expect(claims).toMatchObject({
    iss: serviceAccount.client_email,
    scope: 'https://www.googleapis.com/auth/monitoring.read',
  });
  expect([asked!.method, asked!.url]).toEqual(['POST', '/v3/projects/shop-4712/timeSeries:query']);
  expect(asked!.headers.authorization).toBe('Bearer ya29.4713');
  expect(JSON.parse(asked!.body)).toEqual({ query });
});

test('to be online is to refuse an empty query', async () => {
  const received = await requestsFor('online', { secret }, invalid);
  expect(JSON.parse(received.at(-1)!.body)).toEqual({ query: '' });
});

test('without a Secret it is the project and the key of the application default credentials', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackdriver-'));
  const before = process.env.GOOGLE_APPLICATION_CREDENTIALS;
  process.env.GOOGLE_APPLICATION_CREDENTIALS = join(folder, 'key.json');
  writeFileSync(process.env.GOOGLE_APPLICATION_CREDENTIALS, secret.serviceAccountKey);
  try {
    const received = await requestsFor('query', {}, series([{ doubleValue: 1 }]));
    expect(received.at(-1)!.url).toBe('/v3/projects/project-of-the-key/timeSeries:query');
  } finally {
    if (before === undefined) delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
    else process.env.GOOGLE_APPLICATION_CREDENTIALS = before;
    rmSync(folder, { recursive: true });
  }
});

test('a key that Google no longer knows is told of, without the key', async () => {
  const reply: Reply = { status: 400, body: '{"error":"invalid_grant","error_description":"Invalid JWT"}' };
  const error = await failureOf(
    withVendor(reply, (base) => metricProviders.stackdriver({ ...base, ...lead(base), secret }).query(query)),
  );
  expect(error.code).toBe('METRIC_CREDENTIALS');
  expect(error.message).toContain('invalid_grant');
  expect(JSON.stringify(error)).not.toContain('PRIVATE KEY');
});

test.each([
  ['a Secret without a project', { serviceAccountKey: '{}' }, 'does not contain project'],
  [
    'a key that is no JSON',
    { project: 'p', serviceAccountKey: 'key-4711' },
    'expected serviceAccountKey to be the JSON',
  ],
])('a template with %s is refused', async (_what, given, message) => {
  const error = await failureOf(
    withVendor(invalid, async (base) => metricProviders.stackdriver({ ...base, secret: given })),
  );
  expect(error.message).toContain(message);
  expect(error.message).not.toContain('4711');
});
