import { GrpcRoutes, httpRoutes, type Route } from '../../routers/gateway-api/kinds.js';
import { type VirtualService, VirtualServices } from '../../routers/istio/kinds.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { type Backend, httpRouteBackends } from './httpRoutes.js';
import type { RequestLine } from './routing.js';
import { virtualServiceBackends } from './virtualServices.js';

/** Kinds of the routes that a gateway accepts. */
export const acceptedKinds = [httpRoutes('v1'), httpRoutes('v1beta1'), GrpcRoutes] as const;

export interface Routed {
  readonly backends: readonly Backend[];
  /** Whose metrics count these requests; undefined when the router's own are not modelled. */
  readonly mesh?: 'istio';
}

/** Where the first HTTPRoute or VirtualService that takes a request sends it. */
export function routedBackends(server: ApiServer, request: RequestLine): Routed | undefined {
  for (const kind of [httpRoutes('v1'), httpRoutes('v1beta1')]) {
    for (const { object } of server.list(kind)) {
      const backends = httpRouteBackends(object as Route, request);
      if (backends) return { backends };
    }
  }
  for (const { object } of server.list(VirtualServices)) {
    const backends = virtualServiceBackends(object as VirtualService, request);
    if (backends) return { backends, mesh: 'istio' };
  }
  return undefined;
}
