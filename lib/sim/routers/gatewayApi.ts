import { GrpcRoutes, httpRoutes, type Route } from '../../routers/gateway-api/kinds.js';
import type { Count } from '../dataPlanes/dataPlane.js';
import { envoy } from '../dataPlanes/envoy.js';
import { istio } from '../dataPlanes/istio.js';
import { istioGateway } from '../dataPlanes/istioGateway.js';
import { linkerd } from '../dataPlanes/linkerd.js';
import { traefik } from '../dataPlanes/traefik.js';
import { httpRouteBackends } from './httpRoutes.js';
import { withinMesh } from './mesh.js';
import type { Acceptance, Backend, RouterModel } from './model.js';

const kinds = [httpRoutes('v1'), httpRoutes('v1beta1')];
const isMeshs = ({ kind }: { readonly kind?: string }) => kind === 'Service';

/** HTTPRoutes of Gateways, whatever runs these, and of Services, which meshes obey. */
export const gatewayApi: RouterModel = {
  kinds: [...kinds, GrpcRoutes],
  dataPlanes: [envoy, traefik, istioGateway, linkerd, istio],
  route({ list }, request) {
    const routes = kinds.flatMap((kind) => list(kind));
    if (!request.service) {
      const ofGateways = routes.filter(
        ({ spec }) => !spec?.parentRefs?.length || !spec.parentRefs.every(isMeshs),
      );
      const found = ofGateways.flatMap((route) => {
        const backends = httpRouteBackends(route, request);
        return backends ? [backends] : [];
      })[0];
      return found?.map((backend) => ({ ...backend, counts: countsOfGateway(backend) }));
    }
    const within = routes.flatMap((route) => {
      const { namespace = '' } = route.metadata;
      const parents = (route.spec?.parentRefs ?? []).filter(isMeshs);
      const split = parents.length > 0 ? httpRouteBackends(withoutHosts(route), request) : undefined;
      return split
        ? parents.map((parent) => ({
            namespace: parent.namespace ?? namespace,
            service: parent.name ?? '',
            split,
          }))
        : [];
    });
    return withinMesh(within, request, () => [linkerd, istio].map((by) => ({ by, labels: {} })));
  },
  door: {
    kind: kinds[0]!,
    hosts: (object) => (object as Route).spec?.hostnames ?? ['*'],
    leadsTo: (object) =>
      ((object as Route).spec?.rules ?? []).flatMap(({ backendRefs = [] }) =>
        backendRefs.map(({ name }) => name),
      ),
  },
  accepts: [...kinds, GrpcRoutes].map(
    (kind): Acceptance => ({
      kind,
      observed: (object) => (object as Route).status?.parents?.[0]?.conditions?.[0]?.observedGeneration ?? -1,
      status: (object) => accepted(object as Route),
    }),
  ),
};

/** Who asks a Service names no host of the route's. */
function withoutHosts(route: Route): Route {
  return { ...route, spec: { ...route.spec, hostnames: [] } };
}

/**
 * What runs the Gateway is not said in its routes: each of those that count by version does, in series of its own; so do
 * Linkerd's proxies beside the pods.
 */
function countsOfGateway({ namespace, service, port }: Omit<Backend, 'share'>): Count[] {
  return [
    { by: envoy, labels: { envoy_cluster_name: `${namespace}_${service}_${port ?? ''}` } },
    {
      by: envoy,
      labels: { envoy_cluster_name: `gateway/cilium-gateway-public/${namespace}:${service}:${port ?? ''}` },
    },
    { by: traefik, labels: { service: `${namespace}-${service}-${port ?? ''}@kubernetesgateway` } },
    {
      by: istioGateway,
      labels: { destination_service_namespace: namespace, destination_service_name: service },
    },
    { by: linkerd, labels: {} },
  ];
}

function accepted(route: Route): object {
  const observedGeneration = route.metadata.generation ?? 0;
  const conditions = [
    { type: 'Accepted', status: 'True', reason: 'Accepted', message: '', observedGeneration },
  ];
  return {
    parents: (route.spec?.parentRefs ?? []).map((parentRef) => ({
      parentRef,
      controllerName: 'perch.test/gateway',
      conditions,
    })),
  };
}
