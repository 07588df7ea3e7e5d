import { PerchError } from '../../lib/api/errors.js';
import type { Http } from '../../lib/ports/http.js';
import type { Alert, NotifierFactory } from '../../lib/ports/notifier.js';
import { type Received, type Reply, TestHttp, Vendor } from './vendor.js';

export const alert: Alert = {
  name: 'podinfo',
  namespace: 'test',
  message: 'New revision detected, progressing canary analysis.',
  severity: 'info',
  fields: [
    { name: 'Target', value: 'Deployment/podinfo.test' },
    { name: 'Traffic routing', value: 'Weight step: 5 max: 50' },
  ],
};

const hookPath = '/services/T0000AAAA/hook-s3cret?sig=sig-s3cret';
const token = 'xoxb-token-s3cret';

export interface NotifierAnswers {
  /** Answers with a 2xx that are refusals all the same. */
  readonly refusals: Readonly<Record<string, Reply>>;
  /** Why an error looks like an info, if it does. */
  readonly alike?: string;
  /** Path and query that an address is posted to. @default as they are */
  readonly postsTo?: (url: string) => string;
}

/** What every notifier must do. */
export function notifierConformance(name: string, make: NotifierFactory, answers: NotifierAnswers): void {
  describe(`notifier ${name} as every notifier`, () => {
    test('posts JSON that shows the message, the canary and every field', async () => {
      const { received } = await send(make, { body: 'ok' });
      const [{ method, url, headers, body }] = received as [Received];
      expect({ method, url, type: headers['content-type'] }).toEqual({
        method: 'POST',
        url: answers.postsTo?.(hookPath) ?? hookPath,
        type: 'application/json',
      });
      const shown = textsOf(JSON.parse(body)).join('\n');
      for (const text of [alert.message, 'podinfo.test', ...alert.fields.flatMap(Object.values)]) {
        expect(shown).toContain(text);
      }
    });

    test(answers.alike ?? 'an error looks different from an info', async () => {
      const info = await send(make, { body: 'ok' });
      const error = await send(make, { body: 'ok' }, { ...alert, severity: 'error' });
      expect(error.received[0]?.body === info.received[0]?.body).toBe(answers.alike !== undefined);
    });

    test('an alert without fields is sent too', async () => {
      const { failure } = await send(make, { body: 'ok' }, { ...alert, fields: [] });
      expect(failure).toBeUndefined();
    });

    test.each([200, 201, 202, 204])('status %i is success', async (status) => {
      const { failure } = await send(make, { status, body: '' });
      expect(failure).toBeUndefined();
    });

    test.each([400, 403, 404, 429, 500])('status %i is a failure that names the status', async (status) => {
      const { failure } = await send(make, { status, body: 'no_service' });
      expect(failure).toMatchObject({ code: 'NOTIFIER_NOT_SENT' });
      expect(failure?.message).toContain(`bad response ${status}: no_service`);
    });

    for (const [what, reply] of Object.entries(answers.refusals)) {
      test(`${what} is a failure`, async () => {
        const { failure } = await send(make, reply);
        expect(failure).toMatchObject({ code: 'NOTIFIER_NOT_SENT' });
      });
    }

    test('no error names the URL or the token, even when the answer repeats them', async () => {
      const { failure } = await send(make, { status: 500, body: `cannot post ${hookPath} for ${token}` });
      expect(String(failure)).toContain('127.0.0.1');
      expect(String(failure)).not.toContain('s3cret');
      expect(String(failure)).not.toContain('T0000AAAA');
    });

    test('a broken connection is a failure that names the host and no more', async () => {
      const http: Http = {
        request: async ({ url }) => {
          throw new Error(`connect failed: ${url} with ${token}`);
        },
      };
      const notifier = make({ http, address: `https://hooks.example.com${hookPath}`, token });
      const failure = await notifier.send(alert).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PerchError);
      expect((failure as PerchError).cause).toBeUndefined();
      expect(String(failure)).toContain('hooks.example.com');
      expect(String(failure)).not.toContain('s3cret');
    });

    test('the proxy is handed to the network', async () => {
      const { http } = await send(make, { body: 'ok' }, alert, { proxy: 'http://proxy:3128' });
      expect(http.proxies).toEqual(['http://proxy:3128']);
    });

    test.each(['', 'hooks.example.com/s3cret', 'ftp://hooks/s3cret'])(
      'an address like “%s” is refused',
      (address) => {
        const build = (): unknown => make({ http: new TestHttp(), address });
        expect(build).toThrow(expect.objectContaining({ code: 'NOTIFIER_ADDRESS' }));
        expect(build).not.toThrow(/s3cret/);
      },
    );
  });
}

/** Sends one alert to a server that gives this reply. */
export async function send(
  make: NotifierFactory,
  reply: Reply,
  what: Alert = alert,
  settings: { proxy?: string; path?: string; channel?: string; username?: string } = {},
) {
  const vendor = await Vendor.start(() => reply);
  const http = new TestHttp();
  const { path = hookPath, ...rest } = settings;
  try {
    const notifier = make({ http, address: `${vendor.address}${path}`, token, ...rest });
    const failure = await notifier.send(what).then(
      () => undefined,
      (error: unknown) => error as PerchError,
    );
    return { received: vendor.received, failure, http };
  } finally {
    await vendor.stop();
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
