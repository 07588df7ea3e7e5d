import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import { type Answer, element, field } from '../answer.js';
import { ask } from '../ask.js';
import { escapeQuery } from '../queryEscape.js';
import { requireKey } from '../secretKeys.js';
import { requireInterval, timeRange } from '../timeRange.js';

/**
 * Dynatrace's metrics API v2: the query is a metric selector, asked for one value (`resolution=Inf`) of the ten
 * intervals until now; as in Flagger the last series of the first result has the value.
 *
 * Throws a PerchError when the Secret lacks `dynatrace_token` (its scope: `metrics.read`), the metric has no interval,
 * or the address is no URL.
 */
export function dynatraceProvider(context: MetricProviderContext): MetricProvider {
  const base = readAddress('dynatrace', context.address);
  const intervalMs = requireInterval(context);
  const headers = { Authorization: `Api-Token ${requireKey('dynatrace', context, 'dynatrace_token')}` };
  return {
    query: async (query) => {
      const { from, to } = timeRange(context, intervalMs);
      const parameters = `metricSelector=${escapeQuery(query.trim())}&resolution=Inf&from=${from}&to=${to}`;
      return readAnswer(await ask(context, { url: `${base}/api/v2/metrics/query?${parameters}`, headers }));
    },
    online: async () => {
      (await ask(context, { url: `${base}/api/v2/metrics?pageSize=1`, headers })).requireStatus();
    },
  };
}

function readAnswer(answer: Answer): Measurement {
  const results = field(answer.requireStatus().json(), 'result');
  if (!Array.isArray(results)) throw answer.unreadable('expected a result');
  const value = element(field(element(field(results[0], 'data'), -1), 'values'), 0);
  if (value === undefined || value === null) return answer.noValues();
  if (typeof value === 'number') return { kind: 'value', value };
  throw answer.unreadable('expected values that are numbers');
}
