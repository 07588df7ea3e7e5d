import { defineKind, type KubeObject } from '../../api/kinds.js';
import { RouteTables, type TableRoute, Upstreams } from '../../routers/gloo/kinds.js';
import { envoy } from '../dataPlanes/envoy.js';
import { headerOf, matchesHostName } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import type { Backend, RouterModel, View } from './model.js';
import { shared } from './shares.js';
import { requireReadable } from './unreadable.js';

interface Reference {
  readonly name: string;
  readonly namespace?: string;
}

interface ValueMatcher {
  readonly name: string;
  readonly value?: string;
  readonly regex?: boolean;
}

interface Matcher {
  readonly prefix?: string;
  readonly headers?: readonly ValueMatcher[];
  readonly queryParameters?: readonly ValueMatcher[];
}

interface VirtualService extends KubeObject {
  readonly spec?: {
    readonly virtualHost?: {
      readonly domains?: readonly string[];
      readonly routes?: readonly {
        readonly matchers?: readonly Matcher[];
        readonly delegateAction?: Reference & { readonly ref?: Reference };
      }[];
    };
  };
}

interface KubeUpstream {
  readonly serviceName: string;
  readonly serviceNamespace?: string;
}

const VirtualServices = defineKind<VirtualService>(
  'gateway.solo.io',
  'v1',
  'VirtualService',
  'virtualservices',
);
const hostOf = ({ spec }: VirtualService) => spec?.virtualHost ?? {};
const delegateOf = ({
  delegateAction: action,
}: {
  delegateAction?: Reference & { readonly ref?: Reference };
}) => action?.ref ?? action;

/** VirtualServices that delegate to RouteTables, whose first route that takes a request leads to weighed Upstreams. */
export const gloo: RouterModel = {
  kinds: [VirtualServices, RouteTables, Upstreams],
  dataPlanes: [envoy],
  route({ list }, request) {
    if (request.service) return undefined;
    const entry = list(VirtualServices).find((one) =>
      (hostOf(one).domains ?? ['*']).some((domain) => matchesHostName(domain, request.host)),
    );
    const route = (entry ? (hostOf(entry).routes ?? []) : []).find((one) => takes(one, request));
    const table = route && delegateOf(route);
    const routes = list(RouteTables).find(
      ({ metadata }) =>
        metadata.name === table?.name &&
        metadata.namespace === (table?.namespace ?? entry?.metadata.namespace),
    )?.spec?.routes;
    const chosen = routes?.find((one) => takes(one as { readonly matchers?: readonly Matcher[] }, request));
    return chosen && split(list, chosen);
  },
  door: {
    kind: VirtualServices,
    required: 'a VirtualService of gateway.solo.io that delegates to the RouteTable',
    hosts: (object) => hostOf(object).domains ?? [],
    leadsTo: (object) => (hostOf(object).routes ?? []).flatMap((route) => delegateOf(route)?.name ?? []),
  },
};

function takes({ matchers = [] }: { readonly matchers?: readonly Matcher[] }, request: RequestLine): boolean {
  const [path = '/', query = ''] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  return (
    matchers.length === 0 ||
    matchers.some((matcher) => {
      requireReadable(matcher, ['prefix', 'headers', 'queryParameters'], 'a matcher of Gloo');
      const { prefix = '/', headers = [], queryParameters = [] } = matcher;
      return (
        path.startsWith(prefix) &&
        headers.every((header) => matches(header, headerOf(request, header.name))) &&
        queryParameters.every((parameter) => matches(parameter, parameters.get(parameter.name) ?? undefined))
      );
    })
  );
}

function matches({ value, regex }: ValueMatcher, given: string | undefined): boolean {
  if (given === undefined || value === undefined) return given !== undefined;
  return regex ? new RegExp(`^(?:${value})$`).test(given) : value === given;
}

function split(list: View['list'], { routeAction }: TableRoute): Backend[] {
  const destinations = routeAction?.multi?.destinations ?? [];
  return shared(destinations, ({ weight = 0 }) => weight).flatMap(({ entry, share }) => {
    const { name, namespace } = entry.destination.upstream;
    const upstream = list(Upstreams).find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    const kube = (upstream?.spec as { readonly kube?: KubeUpstream } | undefined)?.kube;
    if (!kube) return [];
    const counts = [{ by: envoy, labels: { envoy_cluster_name: `${name}_${namespace}` } }];
    return [{ namespace: kube.serviceNamespace ?? namespace, service: kube.serviceName, share, counts }];
  });
}
