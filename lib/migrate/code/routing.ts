import type { CanarySpec } from '../../api/canary.js';
import { type RouterName, routerName, routerNames } from '../../api/providers.js';
import type { Ingress } from '../../api/workloads.js';
import { Call, type Expression } from './expression.js';

/** The Routing of a canary; undefined where perch's constructs have none for its provider. */
export function routingOf(
  provider: string,
  spec: CanarySpec,
  ingress: Ingress | undefined,
): Call | undefined {
  const name = routerName(routerNames, provider);
  return name && factories[name](spec, ingress);
}

/** The routing that the platform begins with when no canary names one. */
export const noRouting = new Call('Routing.kubernetes', []);

type Choose = (spec: CanarySpec, ingress: Ingress | undefined) => Call | undefined;

const classOf = (ingress: Ingress | undefined): string | undefined =>
  ingress?.spec.ingressClassName ?? ingress?.metadata.annotations?.['kubernetes.io/ingress.class'];

const plain =
  (factory: string): Choose =>
  () =>
    new Call(`Routing.${factory}`, []);

const factories: Readonly<Record<RouterName, Choose>> = {
  kubernetes: plain('kubernetes'),
  nginx: (_, ingress) => {
    const className = classOf(ingress);
    return new Call('Routing.ingressNginx', [
      { install: false, className: className === 'nginx' ? undefined : className },
    ]);
  },
  skipper: (_, ingress) => {
    const className = classOf(ingress);
    return new Call('Routing.skipper', className && className !== 'skipper' ? [{ className }] : []);
  },
  istio: ({ service }) => new Call('Routing.istio', service?.delegation ? [{ delegation: true }] : []),
  'gatewayapi:v1': (spec) => gatewayRouting(spec, undefined),
  'gatewayapi:v1beta1': (spec) => gatewayRouting(spec, 'v1beta1'),
  linkerd: () => new Call('Routing.linkerd', [{ smi: true }]),
  'smi:v1alpha1': () => smiRouting('v1alpha1'),
  'smi:v1alpha2': () => smiRouting(undefined),
  'smi:v1alpha3': () => smiRouting('v1alpha3'),
  knative: plain('knative'),
  traefik: plain('traefik'),
  contour: plain('contour'),
  gloo: plain('gloo'),
  kuma: plain('kuma'),
  osm: plain('osm'),
  apisix: ({ routeRef }) => routeRef && new Call('Routing.apisix', [{ route: routeRef.name }]),
  appmesh: (spec) => meshRouting(spec, 'v1beta1'),
  'appmesh:v1beta2': (spec) => meshRouting(spec, undefined),
};

function gatewayRouting({ routeRef, service }: CanarySpec, version: string | undefined): Call | undefined {
  if (routeRef) {
    const { kind, name } = routeRef;
    const grpc = kind === 'GRPCRoute' ? kind : undefined;
    return version ? undefined : new Call('Routing.gatewayRoute', [{ name, kind: grpc }]);
  }
  const [reference] = service?.gatewayRefs ?? [];
  if (!reference) return undefined;
  const { name, namespace, sectionName } = reference;
  const gateway: Expression = { name, namespace, sectionName };
  return new Call('Routing.gatewayApi', [{ gateway, kind: service?.routeKind, version }]);
}

function smiRouting(version: string | undefined): Call {
  return new Call('Routing.smi', version ? [{ version }] : []);
}

function meshRouting({ service }: CanarySpec, version: string | undefined): Call | undefined {
  return service?.meshName === undefined
    ? undefined
    : new Call('Routing.appMesh', [{ meshName: service.meshName, version }]);
}
