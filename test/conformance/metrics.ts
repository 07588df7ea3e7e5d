import { PerchError } from '../../lib/api/errors.js';
import type { Clock } from '../../lib/ports/clock.js';
import type { Measurement, MetricProviderContext, MetricProviderFactory } from '../../lib/ports/metrics.js';
import { type Behaviour, type Reply, TestHttp, Vendor } from './vendor.js';

/** What a vendor's documents say that its server answers. */
export interface VendorAnswers {
  /** A secret that the provider accepts, if it needs one. */
  readonly secret?: Readonly<Record<string, string>>;
  /** What else it needs to be told. */
  readonly context?: Pick<MetricProviderContext, 'intervalMs' | 'region'>;
  /** How its requests come to the server, when the template’s address does not say it. */
  readonly lead?: (context: MetricProviderContext) => Partial<MetricProviderContext>;
  /** What its server answers besides, e.g. who asks for a token. */
  readonly around?: (reply: Behaviour) => Behaviour;
  readonly query: string;
  /** Answers that hold a value, by what they are. */
  readonly values: Readonly<Record<string, readonly [Reply | Behaviour, number]>>;
  /** Answers that hold none. */
  readonly empty: Readonly<Record<string, Reply | Behaviour>>;
  /** Answers that are failures, with what the error must say. */
  readonly failures: Readonly<Record<string, readonly [Reply | Behaviour, string | RegExp]>>;
  /** What the vendor answers when it is well. */
  readonly online: Reply | Behaviour;
  /** What it answers when it is not. */
  readonly offline: Reply | Behaviour;
}

/** What may come from any server, whatever the vendor documents. */
const faults: VendorAnswers['failures'] = {
  'refused credentials': [{ status: 401, body: 'who are you' }, 'Status 401 Unauthorized: who are you'],
  'a limit of requests': [{ status: 429, body: 'slowly' }, 'Status 429 Too Many Requests: slowly'],
  'a server that is not ready': [{ status: 503, body: 'x'.repeat(5000) }, /Status 503 .{600,700}…$/],
  'another server’s page': [{ body: '<html>Welcome</html>' }, /expected .*<html>Welcome/],
};

/** What every metric provider must do with its vendor's answers. */
export function metricConformance(name: string, make: MetricProviderFactory, answers: VendorAnswers): void {
  const { secret, lead = () => ({}), around = (reply) => reply } = answers;
  const provider = (context: MetricProviderContext) =>
    make({ ...context, ...answers.context, ...(secret ? { secret } : {}), ...lead(context) });
  const behave = (reply: Reply | Behaviour) => around(typeof reply === 'function' ? reply : () => reply);
  const ask = (reply: Reply | Behaviour): Promise<Measurement> =>
    withVendor(behave(reply), (context) => provider(context).query(answers.query));

  describe(`metric provider ${name} as every provider`, () => {
    test.each(Object.entries(answers.values))('%s is a value', async (_what, [reply, value]) => {
      expect(await ask(reply)).toEqual({ kind: 'value', value });
    });

    test.each(Object.entries(answers.empty))('%s is no data', async (_what, reply) => {
      const detail = expect.stringMatching(/no values found$/);
      expect(await ask(reply)).toEqual({ kind: 'noData', detail });
    });

    test.each(Object.entries({ ...faults, ...answers.failures }))(
      '%s is an error',
      async (_what, [reply, message]) => {
        const error = await failureOf(ask(reply));
        expect(error.message).toMatch(message);
        expect(error.code).toMatch(/^METRIC_/);
        expect(error.remedy).not.toBe('');
      },
    );

    test('a server that never answers is an error once patience is at its end', async () => {
      const error = await failureOf(
        withVendor(
          behave(() => 'hang'),
          (context) => provider({ ...context, http: new TestHttp(50) }).query(answers.query),
        ),
      );
      expect(error.code).toBe('NET_TIMEOUT');
    });

    test('answers a vendor that is well with nothing, and one that is not with an error', async () => {
      const online = (reply: Reply | Behaviour): Promise<void> =>
        withVendor(behave(reply), (context) => provider(context).online());
      await expect(online(answers.online)).resolves.toBeUndefined();
      expect(await failureOf(online(answers.offline))).toBeInstanceOf(PerchError);
    });

    test('no message repeats a secret’s value, not even when the server does', async () => {
      const echo: Behaviour = ({ url, headers, body }) => ({
        status: 400,
        body: JSON.stringify({ url, headers, body }),
      });
      const { message, remedy, path } = await failureOf(ask(echo));
      for (const value of Object.values(secret ?? {})) {
        expect(`${message} ${remedy} ${path}`).not.toContain(value.trim());
      }
    });
  });
}

/** Runs against a server that gives this reply to everything. */
export async function withVendor<T>(
  reply: Reply | Behaviour,
  run: (context: MetricProviderContext & { http: TestHttp }, vendor: Vendor) => Promise<T>,
): Promise<T> {
  const vendor = await Vendor.start(typeof reply === 'function' ? reply : () => reply);
  try {
    return await run({ http: new TestHttp(), clock: stoppedClock, address: vendor.address }, vendor);
  } finally {
    await vendor.stop();
  }
}

export async function failureOf(attempt: Promise<unknown>): Promise<PerchError> {
  const thrown = await attempt.then(
    () => 'nothing',
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(PerchError);
  return thrown as PerchError;
}

const stoppedClock: Clock = { now: () => 1_700_000_000_000, timer: () => ({ cancel: () => {} }) };
