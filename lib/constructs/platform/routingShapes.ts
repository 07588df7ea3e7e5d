import { gatewayImplementations } from '../app/gatewayQueries.js';
import { resourcesShape } from '../resources.js';
import type { Shape } from '../shape.js';
import { contourShape } from './contour/props.js';
import type {
  ApisixProps,
  AppMeshProps,
  ExistingGatewayProps,
  GatewayRouteProps,
  IngressNginxProps,
  InstalledGatewayProps,
  IstioProps,
  LinkerdProps,
  RouterProps,
  SkipperProps,
  SmiProps,
  TraefikIngressNginxProps,
  TraefikProps,
} from './routingProps.js';

/** Of a Gateway that is there, or of one that is installed. */
export type AnyGatewayProps = Partial<Omit<ExistingGatewayProps, 'contour'>> &
  Pick<InstalledGatewayProps, 'contour'>;

const router: Shape<RouterProps> = { address: 'text' };
const classOf: Shape<SkipperProps & TraefikIngressNginxProps> = { ...router, className: 'text' };
const ingressNginx: Shape<IngressNginxProps> = {
  install: 'switch',
  namespace: 'text',
  className: 'text',
  serviceName: 'text',
  image: 'text',
  replicas: 'number',
  serviceType: ['LoadBalancer', 'NodePort', 'ClusterIP'],
  config: 'object',
  resources: resourcesShape,
};
const gatewayApi: Shape<AnyGatewayProps> = {
  ...router,
  gateway: { name: { required: 'text' }, namespace: 'text', sectionName: 'text' },
  implementation: gatewayImplementations,
  kind: ['HTTPRoute', 'GRPCRoute'],
  version: ['v1', 'v1beta1'],
  contour: contourShape,
};
const gatewayRoute: Shape<GatewayRouteProps> = {
  ...router,
  implementation: gatewayImplementations,
  name: { required: 'text' },
  kind: ['HTTPRoute', 'GRPCRoute'],
};
const istio: Shape<IstioProps> = { ...router, gateways: 'texts', delegation: 'switch', inject: 'switch' };
const linkerd: Shape<LinkerdProps> = {
  ...router,
  smi: 'switch',
  ingress: { className: 'text', dstOverride: 'switch' },
};
const smi: Shape<SmiProps> = {
  ...router,
  version: ['v1alpha1', 'v1alpha2', 'v1alpha3'],
  mesh: ['istio', 'linkerd'],
};
const traefik: Shape<TraefikProps> = { ...router, entryPoints: 'texts' };
const apisix: Shape<ApisixProps> = { ...router, route: { required: 'text' } };
const appMesh: Shape<AppMeshProps> = {
  ...router,
  meshName: { required: 'text' },
  version: ['v1beta1', 'v1beta2'],
};

/** What each of Routing's functions may be given. */
export const routingShapes = {
  ingressNginx,
  gatewayApi,
  gatewayRoute,
  istio,
  linkerd,
  smi,
  traefik,
  traefikIngressNginx: classOf,
  contour: router,
  skipper: classOf,
  gloo: router,
  apisix,
  kuma: router,
  osm: router,
  knative: router,
  appMesh,
};
