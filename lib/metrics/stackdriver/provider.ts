import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { type Answer, element, field } from '../answer.js';
import { ask } from '../ask.js';
import { requireKey } from '../secretKeys.js';
import { authorize } from './authorization.js';

const api = 'https://monitoring.googleapis.com/v3';

/**
 * Google Cloud Monitoring's `timeSeries:query`: the query is MQL, the value the newest point of the first series. The
 * Secret names the `project` and may hold a `serviceAccountKey`; otherwise application default credentials are used, and
 * without a Secret their project too, where Flagger asks for a project without a name.
 *
 * Throws a PerchError when there is a Secret without `project`, or a key that is no JSON.
 */
export function stackdriverProvider(context: MetricProviderContext): MetricProvider {
  const project = context.secret && requireKey('stackdriver', context, 'project');
  const authorized = authorize(context);
  const send = async (query: string): Promise<Answer> => {
    const { token, ownProject } = await authorized(project === undefined);
    return ask(context, {
      url: `${api}/projects/${encodeURIComponent(project ?? ownProject)}/timeSeries:query`,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query }),
    });
  };
  return {
    query: async (query) => readAnswer(await send(query)),
    online: async () => {
      // What it refuses for its content, and not for who sent it, has arrived.
      (await send('')).requireStatus((status) => status === 400);
    },
  };
}

function readAnswer(answer: Answer): Measurement {
  const result = answer.requireStatus().json();
  if (typeof result !== 'object' || result === null) throw answer.unreadable('expected time series');
  const points = field(element(field(result, 'timeSeriesData'), 0), 'pointData');
  const value = element(field(element(points, 0), 'values'), 0);
  if (value === undefined) return answer.noValues();
  const number = field(value, 'doubleValue') ?? field(value, 'int64Value');
  // 64 bits, and what JSON has no number for, are written as a text.
  const read = typeof number === 'string' && number.trim() !== '' ? Number(number) : number;
  if (typeof read !== 'number') throw answer.unreadable('expected a point with a doubleValue');
  return Number.isNaN(read) ? answer.noValues() : { kind: 'value', value: read };
}
