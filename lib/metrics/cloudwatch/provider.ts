import type { CloudWatchClient, CloudWatchClientConfig, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { PerchError } from '../../api/errors.js';
import type { Http } from '../../ports/http.js';
import type { MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import type { Answer } from '../answer.js';
import { requireInterval, timeRange } from '../timeRange.js';
import { readAnswer } from './answer.js';
import { PortHandler } from './handler.js';
import { readQuery } from './query.js';

/** The first and three repetitions, as Flagger. */
const maxAttempts = 4;
const maxDatapoints = 20;

type Credentials = NonNullable<CloudWatchClientConfig['credentials']>;

/** What the chain of credentials found, so that a role is not assumed anew for every check. */
const found = new WeakMap<Http, Map<string, Credentials>>();

/**
 * CloudWatch's GetMetricData over ten intervals until now, at most 20 points; the query is its JSON array, the value the
 * first of the first result. Credentials come from AWS's own chain (environment, web identity, Pod Identity, instance),
 * the address from AWS_ENDPOINT_URL where that is set.
 *
 * Throws a PerchError when the template has no region, or the metric no interval.
 */
export function cloudwatchProvider(context: MetricProviderContext): MetricProvider {
  const region = requireRegion(context);
  const intervalMs = requireInterval(context);
  const send = (queries: MetricDataQuery[]): Promise<Answer> => ask(context, region, intervalMs, queries);
  return {
    query: async (query) => readAnswer(await send(readQuery(query))),
    online: async () => {
      // What it refuses for its content, and not for who sent it, has arrived.
      (await send([])).requireStatus((status) => status === 400);
    },
  };
}

async function ask(
  context: MetricProviderContext,
  region: string,
  intervalMs: number,
  queries: MetricDataQuery[],
): Promise<Answer> {
  // A megabyte that only who asks CloudWatch needs.
  const sdk: typeof import('@aws-sdk/client-cloudwatch') = require('@aws-sdk/client-cloudwatch');
  const handler = new PortHandler(context.http);
  const credentials = found.get(context.http)?.get(region);
  const client = new sdk.CloudWatchClient({
    region,
    maxAttempts,
    requestHandler: handler.forSdk,
    ...(credentials ? { credentials } : {}),
  });
  const { from, to } = timeRange(context, intervalMs);
  const range = { StartTime: new Date(from), EndTime: new Date(to), MaxDatapoints: maxDatapoints };
  try {
    await client.send(new sdk.GetMetricDataCommand({ ...range, MetricDataQueries: queries }));
    remember(context.http, region, client);
  } catch (error) {
    if (handler.failure) throw handler.failure;
    if (!handler.answer) throw noCredentials(error);
  }
  return handler.answer ?? Promise.reject(noCredentials('no answer'));
}

function remember(http: Http, region: string, { config }: CloudWatchClient): void {
  const ofHttp = found.get(http) ?? new Map<string, Credentials>();
  found.set(http, ofHttp.set(region, config.credentials));
}

function requireRegion({ region }: MetricProviderContext): string {
  if (region) return region;
  throw new PerchError({
    code: 'METRIC_REGION',
    message: 'cloudwatch region: expected an AWS region, given none',
    remedy: 'set spec.provider.region of the MetricTemplate, e.g. eu-west-1',
    path: 'spec.provider.region',
  });
}

function noCredentials(error: unknown): PerchError {
  return new PerchError({
    code: 'METRIC_CREDENTIALS',
    message: `cloudwatch credentials: expected some in AWS’s chain, given none: ${error instanceof Error ? error.message : String(error)}`,
    remedy:
      'give the controller’s service account a role that may cloudwatch:GetMetricData, by Pod Identity or web identity',
    path: 'spec.provider.type',
  });
}
