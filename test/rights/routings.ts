import { Routing } from 'perch';

/** One routing for each kind of routing object, by the name of the application that is released by it. */
export const routings = {
  nginx: Routing.ingressNginx({ install: false }),
  services: Routing.kubernetes(),
  gateway: Routing.gatewayApi({ gateway: { name: 'public' } }),
  grpc: Routing.gatewayApi({ gateway: { name: 'public' }, kind: 'GRPCRoute' }),
  istio: Routing.istio(),
  smi: Routing.linkerd({ smi: true }),
  traefik: Routing.traefik(),
  contour: Routing.contour(),
  skipper: Routing.skipper(),
  gloo: Routing.gloo(),
  apisix: Routing.apisix({ route: 'apisix' }),
  kuma: Routing.kuma(),
  appmesh: Routing.appMesh({ meshName: 'global' }),
} as const;

export const knative = Routing.knative();
