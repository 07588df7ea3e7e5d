import { PerchError } from '../../lib/api/errors.js';
import type { Clock } from '../../lib/ports/clock.js';
import type { Measurement, MetricProviderContext, MetricProviderFactory } from '../../lib/ports/metrics.js';
import { FetchHttp, type Reply, Vendor } from './vendor.js';

/** What a vendor's documents say that its server answers. */
export interface VendorAnswers {
  /** A secret that the provider accepts, if it needs one. */
  readonly secret?: Readonly<Record<string, string>>;
  readonly query: string;
  /** Answers that hold a value, by what they are. */
  readonly values: Readonly<Record<string, readonly [Reply, number]>>;
  /** Answers that hold none. */
  readonly empty: Readonly<Record<string, Reply>>;
  /** Answers that are failures, with what the error must say. */
  readonly failures: Readonly<Record<string, readonly [Reply, string | RegExp]>>;
  /** What the vendor answers when it is well. */
  readonly online: Reply;
  /** What it answers when it is not. */
  readonly offline: Reply;
}

/** What every metric provider must do with its vendor's answers. */
export function metricConformance(name: string, make: MetricProviderFactory, answers: VendorAnswers): void {
  const ask = (reply: Reply): Promise<Measurement> =>
    withVendor(reply, (context) => make({ ...context, ...secretOf(answers) }).query(answers.query));

  describe(`metric provider ${name} as every provider`, () => {
    test.each(Object.entries(answers.values))('%s is a value', async (_what, [reply, value]) => {
      expect(await ask(reply)).toEqual({ kind: 'value', value });
    });

    test.each(Object.entries(answers.empty))('%s is no data', async (_what, reply) => {
      expect(await ask(reply)).toEqual({ kind: 'noData', detail: 'no values found' });
    });

    test.each(Object.entries(answers.failures))('%s is an error', async (_what, [reply, message]) => {
      const error = await failureOf(ask(reply));
      expect(error.message).toMatch(message);
      expect(error.code).toMatch(/^METRIC_/);
      expect(error.remedy).not.toBe('');
    });

    test('answers a vendor that is well with nothing, and one that is not with an error', async () => {
      const online = (reply: Reply): Promise<void> =>
        withVendor(reply, (context) => make({ ...context, ...secretOf(answers) }).online());
      await expect(online(answers.online)).resolves.toBeUndefined();
      expect(await failureOf(online(answers.offline))).toBeInstanceOf(PerchError);
    });

    test('no error repeats a secret’s value', async () => {
      for (const [reply] of Object.values(answers.failures)) {
        const { message, remedy, path } = await failureOf(ask(reply));
        for (const value of Object.values(answers.secret ?? {})) {
          expect(`${message} ${remedy} ${path}`).not.toContain(value);
        }
      }
    });
  });
}

/** Runs against a server that gives this reply to everything. */
export async function withVendor<T>(
  reply: Reply,
  run: (context: MetricProviderContext & { http: FetchHttp }, vendor: Vendor) => Promise<T>,
): Promise<T> {
  const vendor = await Vendor.start(() => reply);
  try {
    return await run({ http: new FetchHttp(), clock: stoppedClock, address: vendor.address }, vendor);
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

function secretOf({ secret }: VendorAnswers): Pick<MetricProviderContext, 'secret'> {
  return secret ? { secret } : {};
}
