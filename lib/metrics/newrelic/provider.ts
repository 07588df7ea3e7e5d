import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import { type Answer, field } from '../answer.js';
import { ask } from '../ask.js';
import { escapeQuery } from '../queryEscape.js';
import { requireKey } from '../secretKeys.js';
import { requireInterval } from '../timeRange.js';

const usualAddress = 'https://insights-api.newrelic.com';

/**
 * New Relic's Insights query API: the NRQL query with ` SINCE <interval> seconds ago` behind it; the value is `result`
 * of its only result, so the query names one function that answers so, e.g. `percentage(…)`.
 *
 * Throws a PerchError when the Secret lacks `newrelic_account_id` or `newrelic_query_key`, the metric has no interval,
 * or the address (by default the US data centre) is no URL.
 */
export function newRelicProvider(context: MetricProviderContext): MetricProvider {
  const base = readAddress('newrelic', context.address, usualAddress);
  const account = encodeURIComponent(requireKey('newrelic', context, 'newrelic_account_id'));
  const headers = { 'X-Query-Key': requireKey('newrelic', context, 'newrelic_query_key') };
  const seconds = Math.round(requireInterval(context) / 1000);
  const send = (query: string): Promise<Answer> => {
    const nrql = escapeQuery(`${query.trim()} SINCE ${seconds} seconds ago`);
    return ask(context, { url: `${base}/v1/accounts/${account}/query?nrql=${nrql}`, headers });
  };
  return {
    query: async (query) => readAnswer(await send(query)),
    online: async () => {
      (await send('SELECT * FROM Metric')).requireStatus();
    },
  };
}

function readAnswer(answer: Answer): Measurement {
  const results = field(answer.requireStatus().json(), 'results');
  if (!Array.isArray(results)) throw answer.unreadable('expected results');
  const value = results.length === 1 ? field(results[0], 'result') : undefined;
  return typeof value === 'number' ? { kind: 'value', value } : answer.noValues();
}
