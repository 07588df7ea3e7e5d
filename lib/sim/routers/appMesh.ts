import { defineKind, type KubeObject } from '../../api/kinds.js';
import { appMesh as dataPlane } from '../dataPlanes/appMesh.js';
import { headerOf } from '../models/matching.js';
import type { Ask } from '../models/request.js';
import { withinMesh } from './mesh.js';
import type { Backend, RouterModel, View } from './model.js';
import { weighed } from './shares.js';

interface Target {
  readonly virtualNodeName?: string;
  readonly virtualNodeRef?: { readonly name: string };
  readonly weight?: number;
}

interface HttpRoute {
  readonly match?: {
    readonly prefix?: string;
    readonly headers?: readonly {
      readonly name: string;
      readonly match?: Readonly<Record<string, string>>;
    }[];
  };
  readonly action?: { readonly weightedTargets?: readonly Target[] };
}

interface Route {
  readonly priority?: number;
  readonly http?: HttpRoute;
  readonly httpRoute?: HttpRoute;
}

interface Routed extends KubeObject {
  readonly spec?: {
    /** Of v1beta1, where virtual services have routes of their own. */
    readonly routes?: readonly Route[];
    readonly provider?: {
      readonly virtualRouter?: { readonly virtualRouterRef?: { readonly name: string } };
    };
  };
}

interface Node extends KubeObject {
  readonly spec?: {
    readonly serviceDiscovery?: { readonly dns?: { readonly hostName?: string; readonly hostname?: string } };
  };
}

const group = 'appmesh.k8s.aws';
const versions = ['v1beta1', 'v1beta2'].map((version) => ({
  services: defineKind<Routed>(group, version, 'VirtualService', 'virtualservices'),
  nodes: defineKind<Node>(group, version, 'VirtualNode', 'virtualnodes'),
}));
const VirtualRouters = defineKind<Routed>(group, 'v1beta2', 'VirtualRouter', 'virtualrouters');

/** Virtual services, the routes of their routers by priority, and the DNS names of the nodes that these lead to. */
export const appMesh: RouterModel = {
  kinds: [...versions.flatMap(({ services, nodes }) => [services, nodes]), VirtualRouters],
  dataPlanes: [dataPlane],
  route({ list }, request) {
    const all = versions.flatMap(({ services, nodes }) =>
      list(services).map((service) => ({ service, nodes: list(nodes) })),
    );
    const routes = all.map(({ service, nodes }) => ({
      ...place(service),
      split: splitOf(nodes, routesOf(list, service), request),
    }));
    const exposed = all.find(({ service }) => domainsOf(service).includes(request.host));
    const asked = exposed ? place(exposed.service) : undefined;
    const service = asked ? { namespace: asked.namespace, name: asked.service } : request.service;
    const counts = [{ by: dataPlane, labels: {} }];
    return withinMesh(routes, { ...request, ...(service && { service }) }, () => counts);
  },
};

/** The Service that a virtual service is named after, `web` or `web.shop`. */
function place({ metadata }: Routed): { readonly namespace: string; readonly service: string } {
  return { namespace: metadata.namespace ?? '', service: (metadata.name ?? '').split('.')[0] ?? '' };
}

/** Hosts that App Mesh's gateway takes for it. */
function domainsOf({ metadata }: Routed): string[] {
  const text = metadata.annotations?.['gateway.appmesh.k8s.aws/domain'] ?? '';
  return text.split(',').filter((domain) => domain !== '');
}

function routesOf(list: View['list'], { metadata, spec }: Routed): readonly Route[] {
  const router = spec?.provider?.virtualRouter?.virtualRouterRef?.name;
  if (router === undefined) return spec?.routes ?? [];
  const found = list(VirtualRouters).find(
    (one) => one.metadata.name === router && one.metadata.namespace === metadata.namespace,
  );
  return found?.spec?.routes ?? [];
}

function splitOf(nodes: readonly Node[], routes: readonly Route[], request: Ask): Backend[] {
  const [route] = routes
    .filter((one) => takes(one.http ?? one.httpRoute ?? {}, request))
    .toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const targets = (route?.http ?? route?.httpRoute)?.action?.weightedTargets ?? [];
  return weighed(targets, ({ weight = 0 }) => weight).flatMap(({ entry, share }) => {
    const name = entry.virtualNodeName ?? entry.virtualNodeRef?.name;
    const dns = nodes.find(({ metadata }) => metadata.name === name)?.spec?.serviceDiscovery?.dns;
    const [service, namespace] = (dns?.hostname ?? dns?.hostName ?? '').split('.');
    return service && namespace ? [{ namespace, service, share }] : [];
  });
}

function takes({ match = {} }: HttpRoute, request: Ask): boolean {
  const { prefix = '/', headers = [] } = match;
  return (
    request.path.startsWith(prefix) &&
    headers.every(({ name, match: wanted = {} }) => matches(wanted, headerOf(request, name)))
  );
}

function matches(wanted: Readonly<Record<string, string>>, given: string | undefined): boolean {
  const { exact, prefix, suffix, regex } = wanted;
  if (given === undefined) return false;
  if (regex !== undefined) return new RegExp(`^(?:${regex})$`).test(given);
  if (prefix !== undefined) return given.startsWith(prefix);
  return suffix !== undefined ? given.endsWith(suffix) : exact === undefined || given === exact;
}
