import type { Measurement, MetricProvider, MetricProviderContext } from '../../ports/metrics.js';
import { readAddress } from '../address.js';
import { Answer, element, field } from '../answer.js';
import { ask } from '../ask.js';
import { answeredSoon, askCluster, noCluster, requireCluster } from '../homeCluster.js';
import { requireKey } from '../secretKeys.js';
import { readQuantity } from './quantity.js';
import { metricPath } from './query.js';

/**
 * The external metrics API of Kubernetes (KEDA and other adapters serve it): the first item's value. Without an address
 * it is the controller's own cluster that is asked, as the controller; with one, what is there, with the Secret's
 * `token`; Flagger would show the controller's own token there, and the Secret's at home.
 *
 * Throws a PerchError when the address is no URL, or there is neither an address nor a cluster.
 */
export function externalMetricsProvider(context: MetricProviderContext): MetricProvider {
  const read = context.address || context.secret?.token ? elsewhere(context) : athome(context);
  return {
    query: async (query) => readAnswer(await read(metricPath(query))),
    online: async () => {
      readAnswer(await read(metricPath('kube-system/dummy-metric')));
    },
  };
}

type Read = (path: string) => Promise<Answer>;

function elsewhere(context: MetricProviderContext): Read {
  const base = readAddress('externalmetrics', context.address);
  const token =
    context.secret?.token === undefined ? undefined : requireKey('externalmetrics', context, 'token');
  return async (path) => {
    const answer = await ask(context, {
      url: `${base}${path}`,
      headers: { Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(context.insecureSkipVerify ? { insecureSkipVerify: true } : {}),
    });
    return answer.requireStatus();
  };
}

function athome(context: MetricProviderContext): Read {
  const cluster = requireCluster('externalmetrics', context);
  return async (path) => {
    if (!cluster.read) throw noCluster('externalmetrics');
    const asked = answeredSoon(context.clock, cluster.read(path));
    const found = await askCluster('error querying external metrics API', asked);
    return new Answer({ status: 200, body: JSON.stringify(found) });
  };
}

function readAnswer(answer: Answer): Measurement {
  const items = field(answer.json(), 'items');
  if (!Array.isArray(items)) throw answer.unreadable('expected a list of external metrics');
  if (items.length === 0) return { kind: 'noData', detail: 'no external metrics found: no values found' };
  const text = field(element(items, 0), 'value');
  const value = readQuantity(String(text));
  if (value === undefined) throw answer.unreadable('expected a quantity such as 1500m');
  return { kind: 'value', value };
}
