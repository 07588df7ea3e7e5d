import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import { type Answer, element, field } from '../answer.js';
import { ask } from '../ask.js';
import { addressAuthorization, basicAuthorization } from '../basicAuthorization.js';
import { requireKey } from '../secretKeys.js';

/**
 * Graphite's render API. The query is that of its URL (`target=…&from=-5min`), its white space collapsed; the value is
 * the last point that has one, over all targets.
 *
 * Throws a PerchError when the address is no URL, or there is a Secret without `username` and `password`.
 */
export function graphiteProvider(context: MetricProviderContext): MetricProvider {
  const base = readAddress('graphite', context.address);
  const headers = authorization(context);
  const send = (query: string): Promise<Answer> =>
    ask(context, {
      url: `${base}/render?${parameters(query)}`,
      headers,
      ...(context.insecureSkipVerify ? { insecureSkipVerify: true } : {}),
    });
  return {
    query: async (query) => readAnswer(await send(query)),
    online: async () => {
      readAnswer(await send('target=test'));
    },
  };
}

function authorization(context: MetricProviderContext): Readonly<Record<string, string>> {
  if (!context.secret) return addressAuthorization(context.address);
  const username = requireKey('graphite', context, 'username');
  return basicAuthorization(username, requireKey('graphite', context, 'password'));
}

function parameters(query: string): URLSearchParams {
  const found = new URLSearchParams(query.replace(/\s+/g, ' ').trim());
  found.set('format', 'json');
  return found;
}

function readAnswer(answer: Answer): Measurement {
  const targets = answer.requireStatus().json();
  if (!Array.isArray(targets)) throw answer.unreadable('expected a list of targets');
  const points = targets.flatMap((target: unknown) => field(target, 'datapoints') ?? []);
  const values = points.map((point: unknown) => element(point, 0)).filter((value) => value !== null);
  if (values.length === 0) return answer.noValues();
  const value = readNumber(values.at(-1));
  if (value === undefined) throw answer.unreadable('expected points such as [0.5, 1700000000]');
  return Number.isNaN(value) ? answer.noValues() : { kind: 'value', value };
}

/** A number, also one that is written as a text. */
function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  if (/^[+-]?nan$/i.test(value)) return Number.NaN;
  return Number.isNaN(Number(value)) ? undefined : Number(value);
}
