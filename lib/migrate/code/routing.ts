import type { CanarySpec } from '../../api/canary.js';
import type { Ingress } from '../../api/workloads.js';
import { Call, type Expression } from './expression.js';

/** The Routing of a canary; undefined where perch's constructs have none for its provider. */
export function routingOf(
  provider: string,
  spec: CanarySpec,
  ingress: Ingress | undefined,
): Call | undefined {
  const choose = Object.hasOwn(factories, provider) ? factories[provider] : undefined;
  return choose?.(spec, ingress);
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

const factories: Readonly<Record<string, Choose>> = {
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
  istio: plain('istio'),
  'gatewayapi:v1': gatewayRouting,
  traefik: plain('traefik'),
  contour: plain('contour'),
  gloo: plain('gloo'),
  kuma: plain('kuma'),
  osm: plain('osm'),
  apisix: ({ routeRef }) => routeRef && new Call('Routing.apisix', [{ route: routeRef.name }]),
  appmesh: (spec) => meshRouting(spec, 'v1beta1'),
  'appmesh:v1beta2': (spec) => meshRouting(spec, undefined),
};

function gatewayRouting({ routeRef, service }: CanarySpec): Call | undefined {
  if (routeRef) {
    const { kind, name } = routeRef;
    const grpc = kind === 'GRPCRoute' ? kind : undefined;
    return new Call('Routing.gatewayRoute', [{ name, kind: grpc }]);
  }
  const [reference] = service?.gatewayRefs ?? [];
  if (!reference) return undefined;
  const { name, namespace, sectionName } = reference;
  const gateway: Expression = { name, namespace, sectionName };
  return new Call('Routing.gatewayApi', [{ gateway }]);
}

function meshRouting({ service }: CanarySpec, version: string | undefined): Call | undefined {
  return service?.meshName === undefined
    ? undefined
    : new Call('Routing.appMesh', [{ meshName: service.meshName, version }]);
}
