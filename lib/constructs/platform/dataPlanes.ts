import type { Construct } from 'constructs';
import { Contour } from './contour/contour.js';
import { IngressNginx } from './ingressNginx.js';
import type { Routing } from './routing.js';

/** What the platform installs to carry requests. */
export interface DataPlanes {
  readonly ingressNginx: IngressNginx | undefined;
  readonly contour: Contour | undefined;
}

/** Namespaces of the data planes that routings ask for. */
export function dataPlaneNamespaces(routings: readonly Routing[]): string[] {
  return routings.flatMap(({ ingressNginx, contour }) => [
    ...(ingressNginx?.install ? [ingressNginx.namespace] : []),
    ...(contour ? [contour.namespace] : []),
  ]);
}

/** Installs each data plane once, as the first routing that asks for it says. */
export function installDataPlanes(scope: Construct, routings: readonly Routing[]): DataPlanes {
  const nginx = routings.map(({ ingressNginx }) => ingressNginx).find((props) => props?.install);
  const contour = routings.map((routing) => routing.contour).find((props) => props !== undefined);
  return {
    ingressNginx: nginx && new IngressNginx(scope, 'router', nginx),
    contour: contour && new Contour(scope, 'gateway', contour),
  };
}
