import type { RouterName } from '../../api/providers.js';

/** Whether the virtual cluster stands in for a provider's router: obeys its routing objects, and counts as it does. */
export const simulatedRouters = {
  nginx: true,
  kubernetes: true,
  'gatewayapi:v1': true,
  'gatewayapi:v1beta1': true,
  istio: true,
  linkerd: false,
  osm: false,
  'smi:v1alpha1': false,
  'smi:v1alpha2': false,
  'smi:v1alpha3': false,
  traefik: false,
  contour: false,
  skipper: false,
  gloo: false,
  apisix: false,
  kuma: false,
  knative: false,
  appmesh: false,
  'appmesh:v1beta2': false,
} as const satisfies Record<RouterName, boolean>;
