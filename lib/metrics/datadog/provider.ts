import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import { type Answer, element, field } from '../answer.js';
import { ask } from '../ask.js';
import { escapeQuery } from '../queryEscape.js';
import { requireKey } from '../secretKeys.js';
import { requireInterval, timeRange } from '../timeRange.js';

const usualAddress = 'https://api.datadoghq.com';

/**
 * Datadog's `/api/v1/query` over ten intervals until now. As in Flagger the value is the oldest point of the first
 * series; unlike there a point without a value (`null`) is passed over instead of counting as 0.
 *
 * Throws a PerchError when the Secret lacks `datadog_api_key` or `datadog_application_key`, the metric has no interval,
 * or the address (by default Datadog's US1 site) is no URL.
 */
export function datadogProvider(context: MetricProviderContext): MetricProvider {
  const base = readAddress('datadog', context.address, usualAddress);
  const intervalMs = requireInterval(context);
  const headers = {
    'Content-Type': 'application/json',
    'DD-API-KEY': requireKey('datadog', context, 'datadog_api_key'),
    'DD-APPLICATION-KEY': requireKey('datadog', context, 'datadog_application_key'),
  };
  return {
    query: async (query) => {
      const { from, to } = timeRange(context, intervalMs);
      const range = `from=${seconds(from)}&to=${seconds(to)}`;
      const url = `${base}/api/v1/query?query=${escapeQuery(query)}&${range}`;
      return readAnswer(await ask(context, { url, headers }));
    },
    online: async () => {
      (await ask(context, { url: `${base}/api/v1/validate`, headers })).requireStatus();
    },
  };
}

function readAnswer(answer: Answer): Measurement {
  const result = answer.requireStatus().json();
  // A query that Datadog cannot read is answered with status 200.
  if (field(result, 'status') === 'error') throw answer.unreadable('expected series, given an error');
  const points = field(element(field(result, 'series'), 0), 'pointlist');
  if (!Array.isArray(points)) return answer.noValues();
  const values = points.map((point: unknown) => element(point, 1)).filter((value) => value !== null);
  if (values.length === 0) return answer.noValues();
  const [value] = values;
  if (typeof value === 'number') return { kind: 'value', value };
  throw answer.unreadable('expected points such as [1700000000000, 0.5]');
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
