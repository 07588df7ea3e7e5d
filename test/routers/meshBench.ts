import type { CanarySpec } from '../../lib/api/canary.js';
import { defineKind, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import { routerName } from '../../lib/api/providers.js';
import type { Router } from '../../lib/ports/router.js';
import { routers } from '../../lib/routers/registry.js';
import type { MemoryObjects } from '../conformance/memoryObjects.js';
import { routerObjects } from '../conformance/routerObjects.js';
import type { Request, RouterBench } from '../conformance/routers.js';
import { abTest, gatewayCanary } from './gatewayBench.js';
import { routerContext } from './routerContext.js';

/** An object of a provider, as a test reads it. */
export interface Loose extends KubeObject {
  spec: Tree;
  status?: Tree;
}
/** Any part of such an object; a test that reads what is not there fails. */
export interface Tree extends Record<string, Tree> {}

export interface MeshBench extends RouterBench {
  object(name?: string): Loose;
}

export interface MeshBenchOptions {
  readonly provider: string;
  readonly spec?: Partial<CanarySpec>;
  /** The object with the weights. */
  readonly kind: Kind;
  readonly name?: string;
  readonly seed?: (objects: MemoryObjects) => void;
  /** Percent of such requests that the canary gets. */
  readonly share: (object: Loose, request: Request) => number;
  /** Another weight, by somebody else. */
  readonly meddle: (object: Loose) => void;
}

export function meshBench(options: MeshBenchOptions): MeshBench {
  const { provider, kind, name = 'podinfo' } = options;
  const objects = routerObjects();
  options.seed?.(objects);
  const canary = gatewayCanary();
  Object.assign(canary.spec, { provider, ...options.spec });
  const abCanary = structuredClone(canary);
  Object.assign(abCanary.spec.analysis, abTest([{ headers: { 'x-canary': { exact: 'insider' } } }]));
  const router: Router = routers[routerName(Object.keys(routers) as (keyof typeof routers)[], provider)!](
    routerContext(objects, provider, undefined, 'public'),
  );
  const namespace = kind.namespaced ? 'test' : '';
  const object = (of = name) => objects.read(kind, { namespace, name: of }) as Loose;
  return {
    router,
    objects,
    canary,
    abCanary,
    object,
    canaryShare: (request) => options.share(object(), request),
    routingObjects: () => objects.created(),
    meddle: () => {
      const changed = object();
      options.meddle(changed);
      objects.put(kind, changed);
    },
  };
}

export function kindOf(
  group: string,
  version: string,
  name: string,
  plural: string,
  namespaced = true,
): Kind {
  return defineKind(group, version, name, plural, namespaced);
}

/** Share of the entry `canary` among entries with weights, percent. */
export function shareAmong(entries: readonly { name: string; weight: number }[], canary: string): number {
  const total = entries.reduce((sum, { weight }) => sum + weight, 0);
  return Math.round((100 * (entries.find(({ name }) => name === canary)?.weight ?? 0)) / total);
}
