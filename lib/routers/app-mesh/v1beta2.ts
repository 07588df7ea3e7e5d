import type { Canary } from '../../api/canary.js';
import { serviceNames, targetPort } from '../../api/defaults.js';
import { readDuration } from '../../api/duration.js';
import { defineKind } from '../../api/kinds.js';
import { capabilitiesOf } from '../../api/providers.js';
import { Services } from '../../api/workloads.js';
import type { Objects } from '../../ports/objects.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import {
  apexKey,
  apexMetadata,
  type Blueprint,
  besideCanary,
  type RoutingObject,
} from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { type Dialect, gatewayAnnotations, listenerOf, loggingOf, routesOf, sharesIn } from './routes.js';

const group = 'appmesh.k8s.aws';
const VirtualNodes = defineKind<RoutingObject>(group, 'v1beta2', 'VirtualNode', 'virtualnodes');
const VirtualServices = defineKind<RoutingObject>(group, 'v1beta2', 'VirtualService', 'virtualservices');
const VirtualRouters = defineKind<RoutingObject<{ readonly routes?: readonly object[] }>>(
  group,
  'v1beta2',
  'VirtualRouter',
  'virtualrouters',
);

const dialect: Dialect = {
  route: 'httpRoute',
  target: (name, weight) => ({ virtualNodeRef: { name }, weight }),
  duration: (value) => ({ unit: 'ms', value }),
  retryTimeout: (value) => ({ perRetryTimeout: { unit: 'ms', value } }),
};

/** Provider `appmesh:v1beta2`: virtual nodes, and a virtual router with a virtual service for the apex and the canary. */
export function appMeshV1beta2(context: RouterContext): Router {
  const { objects } = context;
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf('appmesh:v1beta2'),
    watches: () => [Services, VirtualNodes, VirtualRouters, VirtualServices],
    blueprints: (canary, desired) => {
      const { apex, canary: own } = serviceNames(canary);
      const all = { primary: 0, canary: 100, mirrored: false };
      return [
        ...virtualNodes(objects, canary),
        virtualRouter(canary, apex, desired),
        { ...virtualService(canary, apex), annotations: gatewayAnnotations(canary) },
        virtualRouter(canary, own, all),
        virtualService(canary, own),
      ];
    },
    routes: (canary) => sharesIn(canary, objects.read(VirtualRouters, apexKey(canary))?.spec?.routes),
  });
}

/** Pods are told by the labels that the generated Services tell them by. */
function virtualNodes(objects: Objects, canary: Canary): Blueprint[] {
  const names = serviceNames(canary);
  const { service } = canary.spec;
  const wanted = service && targetPort(service);
  const port = typeof wanted === 'number' ? wanted : (service?.port ?? 80);
  const timeoutMs = readDuration(service?.timeout ?? '');
  const timeout = timeoutMs && { timeout: { http: { perRequest: dialect.duration(timeoutMs) } } };
  return [names.primary, names.canary].map((name) => {
    const selector = objects.read(Services, besideCanary(canary, name))?.spec.selector;
    return {
      kind: VirtualNodes,
      key: besideCanary(canary, name),
      ...apexMetadata(canary),
      spec: {
        ...(selector && { podSelector: { matchLabels: selector } }),
        listeners: [{ ...listenerOf(canary, port), ...timeout }],
        serviceDiscovery: { dns: { hostname: `${name}.${canary.metadata.namespace}.svc.cluster.local.` } },
        backends: (service?.backends ?? []).map((backend) => ({
          virtualService: backend.startsWith('arn:aws')
            ? { virtualServiceARN: backend }
            : { virtualServiceRef: { name: backend } },
        })),
        ...loggingOf(canary),
      },
      sharesSpec: true,
    };
  });
}

function virtualRouter(canary: Canary, name: string, desired: Routes): Blueprint {
  return {
    kind: VirtualRouters,
    key: besideCanary(canary, name),
    spec: {
      listeners: [listenerOf(canary, canary.spec.service?.port ?? 80)],
      routes: routesOf(canary, name, desired, dialect),
    },
    sharesSpec: true,
  };
}

function virtualService(canary: Canary, name: string): Blueprint {
  return {
    kind: VirtualServices,
    key: besideCanary(canary, name),
    spec: { provider: { virtualRouter: { virtualRouterRef: { name } } } },
    sharesSpec: true,
  };
}
