import type { RouterName } from '../api/providers.js';
import type { RouterFactory } from '../ports/router.js';
import { apisixRouter } from './apisix/router.js';
import { appMeshV1beta1 } from './app-mesh/v1beta1.js';
import { appMeshV1beta2 } from './app-mesh/v1beta2.js';
import { contourRouter } from './contour/router.js';
import { gatewayApiV1, gatewayApiV1beta1 } from './gateway-api/router.js';
import { glooRouter } from './gloo/router.js';
import { istioRouter } from './istio/router.js';
import { knativeRouter } from './knative/router.js';
import { kubernetesRouter } from './kubernetes/router.js';
import { kumaRouter } from './kuma/router.js';
import { nginxRouter } from './nginx/router.js';
import { skipperRouter } from './skipper/router.js';
import { linkerdRouter, osmRouter, smiV1alpha1, smiV1alpha2, smiV1alpha3 } from './smi/router.js';
import { traefikRouter } from './traefik/router.js';

/** Every router by the provider's name. */
export const routers = {
  nginx: nginxRouter,
  kubernetes: kubernetesRouter,
  'gatewayapi:v1': gatewayApiV1,
  'gatewayapi:v1beta1': gatewayApiV1beta1,
  istio: istioRouter,
  linkerd: linkerdRouter,
  osm: osmRouter,
  'smi:v1alpha1': smiV1alpha1,
  'smi:v1alpha2': smiV1alpha2,
  'smi:v1alpha3': smiV1alpha3,
  traefik: traefikRouter,
  contour: contourRouter,
  skipper: skipperRouter,
  gloo: glooRouter,
  apisix: apisixRouter,
  kuma: kumaRouter,
  knative: knativeRouter,
  appmesh: appMeshV1beta1,
  'appmesh:v1beta2': appMeshV1beta2,
} satisfies Record<RouterName, RouterFactory>;
