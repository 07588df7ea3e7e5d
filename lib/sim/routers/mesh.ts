import type { Count } from '../dataPlanes/dataPlane.js';
import type { Ask } from '../models/request.js';
import type { Backend } from './model.js';

/** What one object of a mesh says of a Service. */
export interface MeshRoute {
  readonly namespace: string;
  /** Name of the Service that is asked. */
  readonly service: string;
  /** Where its requests go. */
  readonly split: readonly Backend[];
}

/**
 * Where a mesh sends what asks for a Service within the cluster: what the first route for it says. Who asks for a Service
 * that a route leads to gets that one; the proxies count both.
 */
export function withinMesh(
  routes: readonly MeshRoute[],
  { service }: Ask,
  countsOf: (backend: Omit<Backend, 'share'>) => readonly Count[],
): Backend[] | undefined {
  if (!service) return undefined;
  const { namespace, name } = service;
  const counted = (backend: Backend) => ({ ...backend, counts: countsOf(backend) });
  const route = routes.find((one) => one.namespace === namespace && one.service === name);
  if (route) return route.split.filter(({ share }) => share > 0).map(counted);
  const led = routes
    .flatMap(({ split }) => split)
    .find((backend) => backend.namespace === namespace && backend.service === name);
  return led && [counted({ ...led, share: 1 })];
}
