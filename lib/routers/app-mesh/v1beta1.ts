import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { defineKind } from '../../api/kinds.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { apexMetadata, type Blueprint, besideCanary, type RoutingObject } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { type Dialect, gatewayAnnotations, listenerOf, loggingOf, routesOf, sharesIn } from './routes.js';

const group = 'appmesh.k8s.aws';
const VirtualNodes = defineKind<RoutingObject>(group, 'v1beta1', 'VirtualNode', 'virtualnodes');
const VirtualServices = defineKind<RoutingObject<{ readonly routes?: readonly object[] }>>(
  group,
  'v1beta1',
  'VirtualService',
  'virtualservices',
);

const dialect: Dialect = {
  route: 'http',
  target: (virtualNodeName, weight) => ({ virtualNodeName, weight }),
  duration: (value) => ({ unit: 'ms', value }),
  retryTimeout: (perRetryTimeoutMillis) => ({ perRetryTimeoutMillis }),
};

/** Provider `appmesh`: virtual nodes for both versions, and virtual services with their routes. */
export function appMeshV1beta1(context: RouterContext): Router {
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf('appmesh'),
    watches: () => [VirtualNodes, VirtualServices],
    blueprints: (canary, desired) => {
      const meshName = requireMesh(canary);
      const { apex, canary: own } = serviceNames(canary);
      const all = { primary: 0, canary: 100, mirrored: false };
      return [
        ...virtualNodes(canary, meshName),
        { ...virtualService(canary, meshName, apex, desired), annotations: gatewayAnnotations(canary) },
        virtualService(canary, meshName, own, all),
      ];
    },
    routes: (canary) =>
      sharesIn(
        canary,
        context.objects.read(VirtualServices, serviceKey(canary, serviceNames(canary).apex))?.spec?.routes,
      ),
  });
}

function requireMesh({ spec }: Canary): string {
  const meshName = spec.service?.meshName;
  if (meshName) return meshName;
  throw new PerchError({
    code: 'ROUTER_MESH_NAME_MISSING',
    message: 'mesh name cannot be empty: provider appmesh expects spec.service.meshName, given none',
    remedy: 'set spec.service.meshName to the name of the mesh',
    path: 'spec.service.meshName',
  });
}

function serviceKey(canary: Canary, name: string) {
  return besideCanary(canary, `${name}.${canary.metadata.namespace}`);
}

/** The apex's node leads to the primary. */
function virtualNodes(canary: Canary, meshName: string): Blueprint[] {
  const names = serviceNames(canary);
  const { port = 80, backends = [] } = canary.spec.service ?? {};
  const hosts = [
    [names.apex, names.primary],
    [names.primary, names.primary],
    [names.canary, names.canary],
  ] as const;
  return hosts.map(([name, host]) => ({
    kind: VirtualNodes,
    key: besideCanary(canary, name),
    ...apexMetadata(canary),
    spec: {
      meshName,
      listeners: [listenerOf(canary, port)],
      serviceDiscovery: { dns: { hostName: `${host}.${canary.metadata.namespace}` } },
      backends: backends.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })),
      ...loggingOf(canary),
    },
    sharesSpec: true,
  }));
}

function virtualService(canary: Canary, meshName: string, name: string, desired: Routes): Blueprint {
  const { port = 80 } = canary.spec.service ?? {};
  return {
    kind: VirtualServices,
    key: serviceKey(canary, name),
    spec: {
      meshName,
      virtualRouter: { name, listeners: [listenerOf(canary, port)] },
      routes: routesOf(canary, name, desired, dialect),
    },
    sharesSpec: true,
  };
}
