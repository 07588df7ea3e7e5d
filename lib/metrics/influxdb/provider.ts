import type { MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import type { Answer } from '../answer.js';
import { ask } from '../ask.js';
import { escapeQuery } from '../queryEscape.js';
import { requireKey } from '../secretKeys.js';
import { readAnswer } from './answer.js';

const timeoutMs = 15_000;

/** As Flagger asks whether the server is there. */
const probe = 'from(bucket: "default") |> range(start: -2h)';

/**
 * InfluxDB 2, by its Flux query API (1.8 has it too, where it is switched on). The value is the first record's; as in
 * Flagger no record at all is 0. Unlike there whole numbers are values, not only floats.
 *
 * Throws a PerchError when the address is no URL, or there is a Secret without `token` or `org`.
 */
export function influxdbProvider(context: MetricProviderContext): MetricProvider {
  const base = readAddress('influxdb', context.address);
  const { headers, parameters } = credentials(context);
  const send = (query: string): Promise<Answer> =>
    ask(context, {
      url: `${base}/api/v2/query${parameters}`,
      headers: { ...headers, Accept: 'application/csv', 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, type: 'flux', dialect }),
      timeoutMs,
    });
  return {
    query: async (query) => readAnswer(await send(query)),
    online: async () => {
      // Who has no bucket of that name is there all the same.
      const answer = await send(probe);
      answer.requireStatus((status) => status === 200 || (status === 404 && isMissingBucket(answer)));
    },
  };
}

const dialect = { header: true, delimiter: ',', annotations: ['datatype', 'group', 'default'] };

function credentials(context: MetricProviderContext): {
  headers: Readonly<Record<string, string>>;
  parameters: string;
} {
  if (!context.secret) return { headers: {}, parameters: '' };
  const token = requireKey('influxdb', context, 'token');
  const org = requireKey('influxdb', context, 'org');
  return { headers: { Authorization: `Token ${token}` }, parameters: `?org=${escapeQuery(org)}` };
}

function isMissingBucket({ body }: Answer): boolean {
  return body.includes('could not find bucket');
}
