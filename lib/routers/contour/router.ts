import { serviceNames } from '../../api/defaults.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Router, RouterContext } from '../../ports/router.js';
import { apexKey, apexMetadata } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOfPrimary } from '../generated/shares.js';
import { proxyBackends } from './backends.js';
import { HttpProxies } from './kinds.js';
import { proxyRoutes } from './routes.js';
import { isValid } from './validity.js';

/** Provider `contour`: an HTTPProxy of the apex Service's name, which an HTTPProxy of the user's with a host includes. */
export function contourRouter(context: RouterContext): Router {
  const { objects, ingressClass } = context;
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf('contour'),
    watches: () => [HttpProxies],
    blueprints: (canary, desired) => [
      {
        kind: HttpProxies,
        key: apexKey(canary),
        ...apexMetadata(canary),
        spec: {
          ...(ingressClass && { ingressClassName: ingressClass }),
          routes: proxyRoutes(canary, desired),
        },
        backends: proxyBackends,
        isInForce: isValid,
      },
    ],
    routes(canary) {
      const { primary } = serviceNames(canary);
      const services = objects.read(HttpProxies, apexKey(canary))?.spec?.routes?.[0]?.services ?? [];
      const stable = services.find(({ name }) => name === primary);
      return stable && sharesOfPrimary(stable.weight ?? 0);
    },
  });
}
