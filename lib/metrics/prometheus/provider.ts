import { PerchError } from '../../api/errors.js';
import { createMemo } from '../../api/memo.js';
import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import type { Answer } from '../answer.js';
import { ask } from '../ask.js';
import { escapeQuery } from '../queryEscape.js';
import { readAnswer, readAnswers } from './answer.js';
import { readCourses } from './courses.js';
import { authorization } from './credentials.js';

/**
 * Prometheus, and what speaks its HTTP API: an instant query, answered by one value.
 *
 * No series, or NaN, is `noData` with Flagger's detail `no values found`. Flagger puts `running query failed: ` before
 * it for the built-in metrics only, not for a template's or an inline query; so that is left to who asks.
 *
 * Throws a PerchError when the address is no URL, or the Secret has neither `token` nor `username` and `password`.
 */
export function prometheusProvider(context: MetricProviderContext): MetricProvider {
  const base = readAddress('prometheus', context.address);
  const headers = headersOf(context);
  const send = (text: string, time = ''): Promise<Answer> =>
    ask(context, {
      url: `${base}/api/v1/query?query=${escaped(text)}${time}`,
      headers,
      ...(context.insecureSkipVerify ? { insecureSkipVerify: true } : {}),
    });
  const query = async (text: string): Promise<Measurement> => readAnswer(await send(text));
  return {
    query,
    series: async (text) => readAnswers(await send(text)),
    seriesAt: async (text, atMs) => readCourses(await send(text, `&time=${(atMs / 1000).toFixed(3)}`)),
    online: () => requireOnline(query),
  };
}

/** Queries as they stand in URLs: every check asks the same ones. */
const escapedQueries = createMemo<string>(64);

function escaped(query: string): string {
  return escapedQueries(query, () => escapeQuery(query.replace(/\s+/g, ' ')));
}

/** The template's headers; credentials take the place of an Authorization among them. */
function headersOf(context: MetricProviderContext): Record<string, string | readonly string[]> {
  const credentials = authorization(context);
  const kept = Object.entries(context.headers ?? {}).filter(
    ([name]) => !credentials.Authorization || name.toLowerCase() !== 'authorization',
  );
  return { ...Object.fromEntries(kept), ...credentials };
}

async function requireOnline(query: (text: string) => Promise<Measurement>): Promise<void> {
  const answer = await query('vector(1)');
  if (answer.kind === 'value' && answer.value === 1) return;
  const given = answer.kind === 'value' ? String(answer.value) : answer.detail;
  throw new PerchError({
    code: 'METRIC_NOT_ONLINE',
    message: `value is not 1 for query: vector(1); given ${given}`,
    remedy: 'the address answers, but not as a Prometheus does; correct it',
    path: 'spec.provider.address',
  });
}
