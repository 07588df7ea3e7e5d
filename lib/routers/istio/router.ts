import type { Canary, CanaryService } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { apexKey, apexMetadata, type Blueprint, besideCanary } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';
import { DestinationRules, type HttpRoute, type VirtualService, VirtualServices } from './kinds.js';
import { httpRoutes, tcpRoutes } from './routes.js';

/** Provider `istio`: a VirtualService of the apex Service's name, and DestinationRules for the two versions. */
export function istioRouter(context: RouterContext): Router {
  return generatedRouter(context, {
    capabilities: (canary) =>
      isTcp(canary) ? { weights: true, abTest: false, mirror: false } : capabilitiesOf('istio'),
    watches: () => [VirtualServices, DestinationRules],
    blueprints: (canary, desired) => [...destinationRules(canary), virtualService(canary, desired)],
    routes: (canary) => foundIn(canary, context.objects.read(VirtualServices, apexKey(canary))),
  });
}

function isTcp({ spec }: Canary): boolean {
  return spec.service?.appProtocol?.toLowerCase() === 'tcp';
}

function destinationRules(canary: Canary): Blueprint[] {
  const { canary: own, primary } = serviceNames(canary);
  const trafficPolicy = canary.spec.service?.trafficPolicy;
  return [own, primary].map((host) => ({
    kind: DestinationRules,
    key: besideCanary(canary, host),
    ...apexMetadata(canary),
    spec: { host, ...(trafficPolicy && { trafficPolicy }) },
  }));
}

function virtualService(canary: Canary, desired: Routes): Blueprint {
  const service = canary.spec.service ?? { port: 80 };
  return {
    kind: VirtualServices,
    key: apexKey(canary),
    ...apexMetadata(canary),
    spec: {
      ...audience(canary, service),
      ...(isTcp(canary)
        ? { tcp: tcpRoutes(canary, service, desired) }
        : { http: httpRoutes(canary, service, desired) }),
    },
  };
}

/** Hosts and gateways; a delegate has neither. */
function audience(canary: Canary, { hosts = [], gateways = [], delegation }: CanaryService): object {
  const { apex } = serviceNames(canary);
  if (!delegation) {
    const known = hosts.includes(apex) || hosts.includes('*');
    return {
      hosts: known ? [...hosts] : [...hosts, apex],
      gateways: gateways.length > 0 ? [...gateways] : ['mesh'],
    };
  }
  if (hosts.length === 0 && gateways.length === 0) return {};
  throw new PerchError({
    code: 'ROUTER_DELEGATE_HOSTS',
    message: `VirtualService ${apex}.${canary.metadata.namespace} cannot have hosts and gateways when delegation enabled`,
    remedy:
      'remove spec.service.hosts and gateways, which belong to the VirtualService that delegates, or delegation',
    path: 'spec.service.delegation',
  });
}

/** What the last route with the canary among its destinations says, or the first of an A/B test. */
function foundIn(canary: Canary, live: VirtualService | undefined): Routes | undefined {
  const names = serviceNames(canary);
  const { http = [], tcp = [] } = live?.spec ?? {};
  const routes: readonly HttpRoute[] = isTcp(canary) ? tcp : http;
  const route = routes.findLast(({ route: destinations = [] }) =>
    destinations.some(({ destination }) => destination.host === names.canary),
  );
  const weightOf = (host: string) =>
    route?.route?.find(({ destination }) => destination.host === host)?.weight ?? 0;
  return sharesOf(weightOf(names.primary), weightOf(names.canary), route?.mirror !== undefined);
}
