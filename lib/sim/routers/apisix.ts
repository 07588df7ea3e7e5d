import { type ApisixRoute, ApisixRoutes, type HttpRule } from '../../routers/apisix/kinds.js';
import { apisix as dataPlane } from '../dataPlanes/apisix.js';
import { matchesHostName } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import type { RouterModel } from './model.js';
import { shared } from './shares.js';
import { requireReadable } from './unreadable.js';

/** ApisixRoutes: of the rules that take a request the one of the highest priority, then of the longest path. */
export const apisix: RouterModel = {
  kinds: [ApisixRoutes],
  dataPlanes: [dataPlane],
  route({ list }, request) {
    if (request.service) return undefined;
    const rules = list(ApisixRoutes).flatMap(({ metadata, spec }) =>
      (spec?.http ?? []).map((rule) => ({ metadata, rule })),
    );
    const [found] = rules
      .filter(({ rule }) => takes(rule, request))
      .toSorted(
        (a, b) => (b.rule.priority ?? 0) - (a.rule.priority ?? 0) || longest(b.rule) - longest(a.rule),
      );
    if (!found) return undefined;
    const { metadata, rule } = found;
    const { name, namespace = '' } = metadata;
    const counts = [{ by: dataPlane, labels: { route: `${namespace}_${name}_${rule.name}` } }];
    // a backend without a weight has 100
    return shared(rule.backends ?? [], ({ weight = 100 }) => weight).map(({ entry, share }) => ({
      ...{ namespace, service: entry.serviceName, share, counts },
    }));
  },
  door: {
    kind: ApisixRoutes,
    hosts: (object) =>
      ((object as ApisixRoute).spec?.http ?? []).flatMap(({ match }) => match?.hosts ?? ['*']),
    leadsTo: (object) =>
      ((object as ApisixRoute).spec?.http ?? []).flatMap(({ backends = [] }) =>
        backends.map(({ serviceName }) => serviceName),
      ),
  },
};

/** A path ends with `*` where more may follow. */
function takes({ match = {} }: HttpRule, { host, path }: RequestLine): boolean {
  requireReadable(match, ['hosts', 'paths'], 'a match of an ApisixRoute');
  const [asked = '/'] = path.split('?');
  const { hosts = ['*'], paths = ['/*'] } = match;
  return (
    hosts.some((one) => matchesHostName(one, host)) &&
    paths.some((one) => (one.endsWith('*') ? asked.startsWith(one.slice(0, -1)) : one === asked))
  );
}

function longest({ match }: HttpRule): number {
  return Math.max(0, ...(match?.paths ?? []).map(({ length }) => length));
}
