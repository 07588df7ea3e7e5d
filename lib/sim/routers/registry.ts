import type { RouterName } from '../../api/providers.js';
import { apisix } from './apisix.js';
import { appMesh } from './appMesh.js';
import { contour } from './contour.js';
import { gatewayApi } from './gatewayApi.js';
import { gloo } from './gloo.js';
import { ingressNginx } from './ingressNginx.js';
import { istio } from './istio.js';
import { kubernetes } from './kubernetes.js';
import { kuma } from './kuma.js';
import type { RouterModel } from './model.js';
import { skipper } from './skipper.js';
import { traefik } from './traefik.js';
import { serviceMeshInterface } from './trafficSplits.js';

/** What stands in for each provider's router in the virtual cluster; undefined for what nothing does. */
export const routerModels = {
  nginx: ingressNginx,
  kubernetes,
  'gatewayapi:v1': gatewayApi,
  'gatewayapi:v1beta1': gatewayApi,
  istio,
  linkerd: serviceMeshInterface,
  osm: serviceMeshInterface,
  'smi:v1alpha1': serviceMeshInterface,
  'smi:v1alpha2': serviceMeshInterface,
  'smi:v1alpha3': serviceMeshInterface,
  traefik,
  contour,
  skipper,
  gloo,
  apisix,
  kuma,
  knative: undefined,
  appmesh: appMesh,
  'appmesh:v1beta2': appMesh,
} as const satisfies Record<RouterName, RouterModel | undefined>;

/** Each once, in the order in which they are asked: Skipper tells its Ingresses from those of ingress-nginx. */
export const everyRouter: readonly RouterModel[] = [
  ...new Set([skipper, ...Object.values<RouterModel | undefined>(routerModels)]),
].filter((model) => model !== undefined);
